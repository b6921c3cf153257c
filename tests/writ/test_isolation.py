"""Whoever writes what an invariant counts must do so in a serializable transaction."""

from __future__ import annotations

import pytest

from tests.writ.library import READER, edited, library, mistake, only

LENDING = "  - transaction: lending\n"
WEAK = "  - transaction: lending\n    isolation: {isolation}\n"
CREATE = """\
      - create: loan
        entity: Loan
        set: {reader: input.reader, book: book.id, days: input.days}
"""
COUNTED = """\
invariants:
  not_too_many:
    count: {entity: Loan, where: {reader: this.id}}
    that: count <= 9
    message: No more.
"""
NOTHING_COUNTED = """\
invariants:
  short:
    that: this.days < 50
    message: Too long.
"""


def loan_without_invariant() -> str:
    return edited("loan", "invariants:", "invariants: {}\nignored:").split("ignored:")[0]


def weak(isolation: str = "read_committed", nodes: str | None = None) -> str:
    text = edited("lend", LENDING, WEAK.format(isolation=isolation))
    if nodes is None:
        return text
    return f"{text[: text.index('      - read:')]}{nodes}  - respond:\n    value: {{loan: input.book}}\n"


@pytest.mark.parametrize("isolation", ["read_committed", "repeatable_read"])
def test_a_transaction_that_writes_what_is_counted_must_be_serializable(isolation: str) -> None:
    code, place, words = mistake("lend", LENDING, WEAK.format(isolation=isolation))
    assert (code, place) == ("isolation-too-weak", isolation)
    assert "`lending` writes `Loan`" in words
    assert "`few` of `Loan`" in words
    assert "leave `isolation` out" in words


def test_a_serializable_transaction_may_say_so() -> None:
    assert library(lend=weak("serializable")).problems == ()


def test_a_write_in_a_branch_counts_too() -> None:
    indented = "".join(f"      {line}\n" for line in CREATE.splitlines())
    nodes = (
        "      - read: book\n        entity: Book\n        where: {id: input.book}\n"
        "      - if: late\n        when: input.days > 3\n        then:\n" + indented
    )
    assert only(library(lend=weak(nodes=nodes))).code == "isolation-too-weak"


@pytest.mark.parametrize(
    "write",
    [
        "update: changed\n        entity: Reader\n        where: {id: input.reader}\n        set: {name: \"'x'\"}",
        "archive: gone\n        entity: Loan\n        where: {reader: input.reader}",
        "create: loan\n        entity: Loan\n        set: {reader: input.reader, book: input.book, days: 1}",
    ],
)
def test_the_entity_that_states_an_invariant_and_the_counted_one_are_both_concerned(write: str) -> None:
    lend = weak(nodes=f"      - {write}\n")
    problem = only(library(lend=lend, reader=READER + COUNTED, loan=loan_without_invariant()))
    assert problem.code == "isolation-too-weak"
    assert "`not_too_many` of `Reader`" in problem.message


def test_what_no_aggregate_looks_at_may_be_written_under_any_isolation() -> None:
    loan = loan_without_invariant().replace("invariants: {}\n", NOTHING_COUNTED)
    assert library(lend=weak(), loan=loan).problems == ()


def test_reading_what_is_counted_needs_no_isolation() -> None:
    nodes = "      - read: loan\n        entity: Loan\n        where: {reader: input.reader, book: input.book}\n"
    lend = weak(nodes=nodes).replace("{loan: input.book}", "{loan: loan.id}")
    assert library(lend=lend).problems == ()
