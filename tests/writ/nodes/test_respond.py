from __future__ import annotations

import pytest

from tests.writ.library import edited, library, mistake

MISTAKES = [
    ("value: {}", "output-mismatch", "{}", "add `loan`"),
    ("value: {loan: loan.id, lone: 1}", "output-mismatch", "lone", "did you mean `loan`?"),
    ("value: loan.id", "output-mismatch", "loan.id", "expected an output"),
    ("value: {loan: loan.days}", "output-mismatch", "loan.days", "expected a uuid"),
    ("value: {loan: {id: loan.id}}", "output-mismatch", "id", "found a mapping"),
    ("valeu: {loan: loan.id}", "unknown-key", "valeu", "did you mean `value`?"),
]


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_respond_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = mistake("lend", "value: {loan: loan.id}", written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


def test_an_absent_value_may_be_handed_on_as_an_optional_one() -> None:
    lend = edited("lend", "{loan: loan.id}", "{loan: loan.id, note: input.remark}")
    assert library(lend=lend).problems == ()


def test_a_respond_may_have_a_name_which_is_its_own() -> None:
    assert library(lend=edited("lend", "- respond:", "- respond: done")).problems == ()
    assert mistake("lend", "- respond:", "- respond: book")[0] == "duplicate-name"


def test_a_mistake_that_any_place_would_have_is_none_of_the_contract() -> None:
    found = mistake("lend", "value: {loan: loan.id}", "value: {loan: loan.id, note: \"loan.days + 'x'\"}")
    assert found[0] == "expression-type"
