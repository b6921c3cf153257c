from __future__ import annotations

import pytest

from tests.writ.library import edited, library, mistake, only

NOTE = "{type: text, max_length: 200, optional: true}"

MISTAKES = [
    # what is written for a field, code, what is underlined, words
    ("{}", "missing-key", "{}", "`type` is missing in a field"),
    ("text", "wrong-type", "text", "expected a mapping"),
    ("{type: txt}", "not-allowed", "txt", "did you mean `text`?"),
    ("{type: text, max_lenght: 3}", "unknown-key", "max_lenght", "not a key of a field | did you mean `max_length`?"),
    ("{type: text, max_length: 0}", "out-of-bounds", "0", "at least 1"),
    ("{type: text, max_length: 99999999999}", "out-of-bounds", "99999999999", "at most 1048576"),
    ("{type: text, min_length: 5, max_length: 2}", "empty-range", "min_length", "no value can fit"),
    ("{type: text, minimum: 5}", "misplaced-key", "minimum", "`integer`, `number`, `money`"),
    ("{type: text, to: Bok}", "misplaced-key", "to", "`reference`"),
    ("{type: text, optional: 'yes'}", "wrong-type", "yes", "`true` or `false`"),
    ("{type: text, optional: }", "wrong-type", "optional", "write a value, or remove the key"),
    ("{type: text, default: 5}", "wrong-type", "5", "is not a text"),
    ("{type: text, default: null}", "wrong-type", "null", "is not a text"),
    ("{type: text, max_length: 2, default: abc}", "out-of-bounds", "abc", "longer than 2"),
    ("{type: text, min_length: 5, default: abc}", "out-of-bounds", "abc", "shorter than 5"),
    ("{type: integer, minimum: 3, default: 1}", "out-of-bounds", "1", "less than 3"),
    ("{type: integer, maximum: 3, default: 9}", "out-of-bounds", "9", "greater than 3"),
    ("{type: integer, minimum: 1.5}", "wrong-type", "minimum", "whole number"),
    ("{type: integer, maximum: 99999999999999999}", "out-of-bounds", "maximum", "2^53"),
    ("{type: integer, default: 9007199254740993}", "wrong-type", "9007199254740993", "beyond"),
    ("{type: boolean, unique: true}", "misplaced-key", "unique", "no meaning"),
    ("{type: enum}", "missing-key", "type", "needs `values`"),
    ("{type: enum, values: []}", "empty-range", "values", "at least one value"),
    ("{type: enum, values: [a, a]}", "duplicate-value", "values", "twice"),
    ("{type: enum, values: [a, 5]}", "wrong-type", "5", "put it in quotes"),
    ("{type: enum, values: [a], default: b}", "wrong-type", "b", "values of Book.note"),
    ("{type: money, default: 5}", "wrong-type", "5", "amount of money"),
    ("{type: money, default: {amount: 5, currency: euro}}", "out-of-bounds", "amount", "three capital letters"),
    ("{type: money, minimum: 10, default: {amount: 5, currency: EUR}}", "out-of-bounds", "amount", "less than 10"),
    ("{type: money, minimum: 1.5}", "wrong-type", "minimum", "minor units"),
    ("{type: reference}", "missing-key", "type", "needs `to`"),
    ("{type: reference, to: Bok}", "unknown-entity", "Bok", "did you mean `Book`?"),
    ("{type: reference, to: book}", "not-an-entity-name", "book", "`Book` would do"),
    ("{type: list}", "missing-key", "type", "needs `of`"),
    ("{type: list, of: money}", "not-allowed", "money", "`text`"),
    ("{type: list, of: text, max_length: 3}", "misplaced-key", "max_length", "`text`"),
    ("{type: list, of: text, max_items: 1, default: [a, b]}", "out-of-bounds", "[a, b]", "more than 1"),
    ("{type: date, default: 2030-13-01}", "wrong-type", "2030-13-01", "is not a date"),
    ("{type: timestamp, default: now}", "wrong-type", "now", "is not a timestamp"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_field_is_one_problem_at_its_place(written: str, code: str, underlined: str, words: str) -> None:
    found = mistake("book", NOTE, written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize("name", ["id", "state", "version", "old_note", "in", "import"])
def test_a_name_that_is_taken_is_a_problem(name: str) -> None:
    assert mistake("book", "  note:", f"  {name}:")[:2] == ("reserved-name", name)


@pytest.mark.parametrize(
    "written",
    [
        "{type: text, max_length: 3, default: abc}",
        "{type: number, minimum: 0.5, default: 1}",
        "{type: money, minimum: 5, default: {amount: 5, currency: EUR}}",
        "{type: list, of: text, max_items: 2, default: [a, b]}",
        "{type: enum, values: [no, yes, on], default: no}",
        "{type: text, max_length: 650, unique: true, optional: true}",
        "{type: boolean, default: false}",
    ],
)
def test_bounds_and_defaults_that_fit_are_taken(written: str) -> None:
    assert library(book=edited("book", NOTE, written)).problems == ()


def test_a_wrong_field_is_not_reported_again_where_it_is_used() -> None:
    book = edited("book", "type: integer, minimum: 0, maximum: 99", "type: integer, minimum: 99, maximum: 0")
    lend = edited("lend", "book.state == 'home'", "book.state == 'home' && book.copies > 0")
    assert only(library(book=book, lend=lend)).code == "empty-range"
