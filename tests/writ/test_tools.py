"""What is checked of a tool as a whole: `own` must limit something."""

from __future__ import annotations

from tests.writ.library import edited, library, marked_text, only

LOAN_NODE = """\
      - create: loan
        entity: Loan
        set: {reader: input.reader, book: book.id, days: input.days}
"""


def lending(allow: str, *, with_loan: bool) -> str:
    lend = edited("lend", "{clerk: all}", allow)
    return lend if with_loan else lend.replace(LOAN_NODE, "").replace("loan: loan.id", "loan: lent.id")


def test_own_without_an_owner_limits_nothing() -> None:
    lend = lending("{clerk: all, reader: own}", with_loan=False)
    problem = only(library(lend=lend))
    assert (problem.code, marked_text(problem, lend)) == ("own-without-owner", "own")
    assert problem.message == "`own` limits nothing here: `Book` has no owner"
    assert problem.help == "give `Book` an `owner`, or write `all` if every row may be seen"


def test_own_limits_the_rows_of_any_entity_with_an_owner() -> None:
    assert library(lend=lending("{clerk: all, reader: own}", with_loan=True)).problems == ()


def test_a_tool_that_touches_no_entity_has_nothing_to_limit() -> None:
    lend = lending("{reader: own}", with_loan=False)
    flow = lend.index("flow:")
    lend = lend[:flow] + "flow:\n  - respond:\n    value: {loan: input.book}\n"
    lend = lend.replace("refusals:\n  out: {message: The book is out.}\n", "")
    assert library(lend=lend).problems == ()


def test_a_wrong_owner_is_told_and_not_that_it_is_missing() -> None:
    book = edited("book", "fields:", "owner: titel\nfields:")
    assert only(library(book=book, lend=lending("{reader: own}", with_loan=False))).code == "unknown-field"


def test_an_entity_that_cannot_be_read_may_have_an_owner() -> None:
    book = edited("book", "copies: {type: integer", "copies: {typ: integer")
    found = library(book=book, lend=lending("{reader: own}", with_loan=False)).problems
    assert {problem.span.file for problem in found} == {"book.yaml"}
