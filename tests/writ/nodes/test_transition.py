from __future__ import annotations

import pytest

from tests.writ.library import fits_in_flow, in_flow

NODE = "- transition: t\n  entity: Book\n"

MISTAKES = [
    # what follows, code, what is underlined, words
    ('  where: {id: book.id}\n', 'missing-key', 'transition', '`to` is missing'),
    ('  where: {id: book.id}\n  to: gone\n', 'unknown-state', 'gone', '`home`, `lent`'),
    ('  where: {id: book.id, state: "\'home\'"}\n  to: home\n', 'impossible-move', "'home'", 'only from `lent`'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_transition_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = in_flow(NODE + written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize(
    "written",
    [
        "  where: {id: book.id}\n  to: home\n",
        "  where: {id: book.id, state: \"'lent'\"}\n  to: home\n  set: {note: input.remark}\n",
    ],
)
def test_a_sound_transition_is_taken(written: str) -> None:
    assert fits_in_flow(NODE + written)


def test_an_entity_without_states_has_no_transitions() -> None:
    found = in_flow("- transition: t\n  entity: Loan\n  where: {book: book.id}\n  to: home\n")
    assert found[:2] == ("unknown-state", "home")


@pytest.mark.parametrize(
    "written",
    ["  to: home\n", "  where: {}\n  to: home\n", "  where: {id: book.id}\n  to: home\n  set: {version: 5}\n"],
)
def test_what_a_rule_judges_is_no_problem_of_the_node(written: str) -> None:
    assert fits_in_flow(NODE + written)
