# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.library import BOOK, LOAN, READER, edited, library, marked_text, mistake, only

KEYS = [
    ("[[]]", "empty-key", "unique", "names no field"),
    ("[reader]", "wrong-type", "reader", "expected a list"),
    ("[[reader, reader]]", "duplicate-value", "reader", "twice"),
    ("[[reader, book], [book, reader]]", "duplicate-value", "book", "twice"),
    ("[[redaer]]", "unknown-field", "redaer", "did you mean `reader`?"),
    ("[[state]]", "unknown-field", "state", "no field"),
    ("[[id]]", "needless-key", "id", "leave it out"),
    ("[[reader, until]]", "misplaced-field", "until", "would not be compared"),
]


@pytest.mark.parametrize(("written", "code", "underlined", "words"), KEYS)
def test_a_wrong_unique_key_is_a_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = mistake("loan", "unique:\n  - [reader, book]", f"unique: {written}")
    assert found[:2] == (code, underlined)
    assert words in found[2]


def test_a_list_cannot_be_a_part_of_a_key() -> None:
    assert mistake("book", "states:", "unique: [[tags]]\nstates:")[:2] == ("misplaced-field", "tags")


STATES = [
    ("states: {}\n", "no-states", "states"),
    ("states:\n  home:\n", "wrong-type", "home"),
    ("states:\n  home: {meaning: x}\n", "initial-state", "states"),
    ("states:\n  home: {meaning: x, initial: true, to: [lent]}\n  lent: {meaning: y, initial: true}\n", "initial-state", "states"),
    ("states:\n  home: {meaning: x, initial: true, to: [lendt]}\n  lent: {meaning: y}\n", "unknown-state", "lendt"),
    ("states:\n  home: {meaning: x, initial: true, to: [lent, lent]}\n  lent: {meaning: y}\n", "duplicate-value", "lent"),
    ("states:\n  home: {meaning: '', initial: true}\n", "out-of-bounds", "'"),
]  # fmt: skip


@pytest.mark.parametrize(("states", "code", "underlined"), STATES)
def test_wrong_states_are_one_problem(states: str, code: str, underlined: str) -> None:
    book = BOOK[: BOOK.index("states:")] + states
    problem = only(library(book=book, lend=None, policy=None, tool=TOOL))
    assert (problem.code, marked_text(problem, book)) == (code, underlined)


UNREACHABLE = "states:\n  home: {meaning: x, initial: true}\n  lent: {meaning: y}\n"


def test_a_state_that_nothing_leads_to_is_no_problem_because_a_rule_judges_it() -> None:
    found = library(book=BOOK[: BOOK.index("states:")] + UNREACHABLE, lend=None, policy=None, tool=TOOL)
    assert found.problems == ()
    assert found.app is not None
    life = found.app.entities["Book"].lifecycle
    assert life is not None
    assert life.whole
    assert {name: span.line for name, span in life.spans.items()} == {
        name: BOOK[: BOOK.index("states:")].count("\n") + 1 + number for number, name in enumerate(("home", "lent"), 1)
    }


TOOL = """\
tool: nothing
description: Does nothing.
allow: {clerk: all}
input: {type: object}
output: {type: object, properties: {}}
flow:
  - respond:
    value: {}
"""

OWNERS = [
    ("owner: until", "owner", "until", "optional"),
    ("owner: id", "unknown-field", "id", "`reader`"),
    ("owner: days", "owner", "days", "neither a text nor a reference"),
    ("owner: book", "owner", "book", "give `Book` an `owner`"),
    ("owner:", "wrong-type", "owner", "remove the key"),
]


@pytest.mark.parametrize(("written", "code", "underlined", "words"), OWNERS)
def test_a_wrong_owner_is_a_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = mistake("loan", "owner: reader", written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


def test_an_owner_with_a_default_is_a_problem() -> None:
    assert mistake("reader", "max_length: 200, unique: true", "max_length: 200, default: x")[0] == "owner"


def test_a_circle_of_owners_is_one_problem() -> None:
    reader = READER.replace("owner: account", "owner: loan").replace(
        "fields:", "fields:\n  loan: {type: reference, to: Loan}"
    )
    assert "Loan → Reader → Loan" in only(library(reader=reader)).message


def test_what_leads_to_a_circle_is_not_wrong_itself() -> None:
    reader = READER.replace("owner: account", "owner: friend").replace(
        "fields:", "fields:\n  friend: {type: reference, to: Reader}"
    )
    problem = only(library(reader=reader))
    assert problem.span.file == "reader.yaml"
    assert "Reader → Reader" in problem.message


def test_an_entity_that_is_broken_is_the_only_problem() -> None:
    assert only(library(book=BOOK.replace("description:", "descripton:"))).code == "unknown-key"
    assert only(library(book=BOOK + "  x: y: z\n")).code == "yaml-syntax"
    assert only(library(book=edited("book", "entity: Book", "entty: Book"))).code == "not-a-document"
    assert only(library(book=edited("book", "entity: Book", "entity: book"))).code == "not-an-entity-name"
    assert only(library(loan=LOAN.replace("days: {type: integer", "days: {type: intger"))).code == "not-allowed"
