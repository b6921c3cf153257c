# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.library import edited, fits_in_flow, in_flow, library, only

NODE = "- create: c\n  entity: Loan\n"

MISTAKES = [
    # what follows, code, what is underlined, words
    ('  set: {reader: input.reader, book: book.id}\n', 'missing-value', 'c', 'add `days` to `set`'),
    ('  set: {reader: input.reader, book: book.id, days: input.days, days2: 5}\n', 'unknown-field', 'days2', 'did you mean `days`?'),
    ('  set: {reader: input.reader, book: book.id, days: 0}\n', 'out-of-bounds', '0', 'less than 1'),
    ('  set: {reader: input.reader, book: book.id, days: 61}\n', 'out-of-bounds', '61', 'greater than 60'),
    ('  set: {reader: input.reader, book: book.id, days: [5]}\n', 'wrong-type', '[5]', 'one expression'),
    ('  set: {reader: input.reader, book: book.id, days: input.remark}\n', 'optional-without-has', 'input.remark', 'may be absent'),
    ('  set: {reader: input.reader, book: book.id, days: input.days, until: null}\n', 'wrong-type', 'null', 'in quotes'),
    ('  set: {reader: input.reader, book: book.id, days: input.days}\n  max: 5\n', 'misplaced-key', 'max', '`over`'),
    ('  set: {reader: input.reader, book: book.id, days: input.days}\n  as: x\n', 'misplaced-key', 'as', '`over`'),
    ("  set: {reader: input.reader, book: book.id, days: wanted}\n  as: wanted\n  over: '[1]'\n  max: 0\n", 'out-of-bounds', '0', 'at least 1'),
    ("  set: {reader: input.reader, book: book.id, days: wanted}\n  as: wanted\n  over: '[1]'\n  max: 1001\n", 'out-of-bounds', '1001', 'at most 1000'),
    ('  set: {reader: input.reader, book: book.id, days: wanted}\n  as: wanted\n  over: input.days\n  max: 5\n', 'expression-type', 'input.days', 'needs a list'),
    ("  set: {reader: input.reader, book: book.id, days: input.days}\n  as: this\n  over: '[1]'\n  max: 5\n", 'reserved-name', 'as', 'taken by the language'),
    ("  set: {reader: input.reader, book: book.id, days: input.days}\n  as: in\n  over: '[1]'\n  max: 5\n", 'reserved-name', 'as', 'taken by the language'),
    ("  set: {reader: input.reader, book: book.id, days: input.days}\n  as: string\n  over: '[1]'\n  max: 5\n", 'reserved-name', 'as', 'taken by the language'),
    ("  set: {reader: input.reader, book: book.id, days: input.days}\n  as: c\n  over: '[1]'\n  max: 5\n", 'duplicate-name', 'as', 'choose another name'),
    ("  set: {reader: input.reader, book: book.id, days: input.days}\n  as: is_home\n  over: '[1]'\n  max: 5\n", 'duplicate-name', 'as', 'choose another name'),
    ("  set: {reader: input.reader, book: book.id, days: input.days}\n  as: loan\n  over: '[1]'\n  max: 5\n", 'duplicate-name', 'loan', 'items'),
    ("  set: {reader: input.reader, book: book.id, days: input.days}\n  as: Item\n  over: '[1]'\n  max: 5\n", 'not-a-name', 'Item', '`item` would do'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_create_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = in_flow(NODE + written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize(
    "written",
    [
        "  set: {reader: input.reader, book: book.id, days: input.days}\n",
        "  set: {reader: input.reader, book: book.id, days: wanted}\n  as: wanted\n  over: '[1, 2]'\n  max: 5\n",
    ],
)
def test_a_sound_create_is_taken(written: str) -> None:
    assert fits_in_flow(NODE + written)


@pytest.mark.parametrize(
    "note",
    ["{type: text, max_length: 200, default: none}", "{type: text, max_length: 200, default: none, optional: true}"],
)
def test_an_absent_value_leaves_a_new_row_the_default(note: str) -> None:
    book = edited("book", "note: {type: text, max_length: 200, optional: true}", f"note: {note}")
    node = "      - {create: b, entity: Book, set: {title: input.reader, copies: 1, note: input.remark}}\n"
    result = library(book=book, lend=edited("lend", "      - create: loan\n", f"{node}      - create: loan\n"))
    assert result.problems == ()


def test_an_absent_value_leaves_no_default_where_a_row_changes() -> None:
    book = edited(
        "book",
        "note: {type: text, max_length: 200, optional: true}",
        "note: {type: text, max_length: 200, default: none}",
    )
    node = "      - {update: b, entity: Book, where: {id: book.id}, set: {note: input.remark}}\n"
    result = library(book=book, lend=edited("lend", "      - create: loan\n", f"{node}      - create: loan\n"))
    assert only(result).code == "optional-without-has"


BOOK = "- create: b\n  entity: Book\n  set: {title: input.reader, copies: 1}\n"

VALUES = [
    ("price: 5", "expression-type", "5", "amount of money"),
    ("price: {amount: 5, currency: \"'EUR'\"}", "wrong-type", "amount", "'currency': 'EUR'"),
    ("price: \"{'amount': 5}\"", "expression-type", "{'amount': 5}", "needs `currency`"),
    ("tags: [\"'a'\"]", "wrong-type", "[\"'a'\"]", "['a', 'b']"),
    ("genre: \"'poem'\"", "undeclared-value", "'poem'", "`essay`"),
    ("genre: novel", "unknown-name", "novel", "\"'novel'\""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "code", "underlined", "words"), VALUES)
def test_a_value_that_a_field_cannot_hold_is_one_problem(value: str, code: str, underlined: str, words: str) -> None:
    found = in_flow(BOOK.replace("copies: 1", f"copies: 1, {value}"))
    assert found[:2] == (code, underlined)
    assert words in found[2]


def test_items_may_have_one_name_in_several_creates_over_the_same_kind_of_list() -> None:
    first = NODE + "  set: {reader: input.reader, book: book.id, days: item}\n  over: '[1]'\n  max: 5\n"
    assert fits_in_flow(first + first.replace("create: c", "create: d"))
    other = first.replace("create: c", "create: d").replace("days: item", "days: size(item)").replace("[1]", "[book]")
    assert in_flow(first + other.replace("size(item)", "item.copies"))[0] == "duplicate-name"


@pytest.mark.parametrize(
    "written",
    [
        "  set: {reader: input.reader, book: book.id, days: input.days, id: book.id}\n",
        "  set: {reader: input.reader, book: book.id, days: wanted}\n  as: wanted\n  over: '[1]'\n",
    ],
)
def test_what_a_rule_judges_is_no_problem_of_the_node(written: str) -> None:
    assert fits_in_flow(NODE + written)
