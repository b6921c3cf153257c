from __future__ import annotations

import pytest

from tests.writ.library import fits_in_flow, in_flow

NODE = "- archive: a\n  entity: Book\n"

MISTAKES = [
    # what follows, code, what is underlined, words
    ('  where: {id: book.id}\n  set: {copies: 1}\n', 'unknown-key', 'set', 'not a key of an `archive`'),
    ('  where: {id: book.id}\n  else: gone\n', 'unknown-refusal', 'gone', 'declare it'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_archive_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = in_flow(NODE + written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize(
    "written",
    [
        "  where: {id: book.id}\n",
        "  where: {id: book.id}\n  expect_rows: 2\n",
    ],
)
def test_a_sound_archive_is_taken(written: str) -> None:
    assert fits_in_flow(NODE + written)


@pytest.mark.parametrize("written", ["", "  where: {}\n"])
def test_what_a_rule_judges_is_no_problem_of_the_node(written: str) -> None:
    assert fits_in_flow(NODE + written)
