# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.library import fits_in_flow, in_flow

NODE = "- update: u\n  entity: Book\n"

MISTAKES = [
    # what follows, code, what is underlined, words
    ('  where: {id: book.id}\n', 'missing-key', 'update', 'missing in an `update`'),
    ('  where: {id: book.id}\n  set: {}\n', 'missing-value', 'set', 'nothing is set'),
    ('  where: {id: book.id}\n  set: {copies: 100}\n', 'out-of-bounds', '100', 'greater than 99'),
    ('  where: {id: book.id}\n  set: {copies: this.copies + 1}\n', 'unknown-name', 'this', 'known here'),
    ('  where: {id: book.id}\n  set: {copies: book.copies + 1.0}\n', 'expression-type', 'book.copies + 1.0', 'double(book.copies)'),
    ('  where: {id: book.id}\n  set: {copies: 1}\n  expect_rows: 0\n', 'out-of-bounds', '0', 'between 1 and 1000'),
    ('  where: {id: book.id}\n  set: {copies: 1}\n  expect_rows: 1001\n', 'out-of-bounds', '1001', 'between 1 and 1000'),
    ('  where: {id: book.id}\n  set: {copies: 1}\n  expect_rows: 1.5\n', 'wrong-type', '1.5', 'whole number'),
    ('  where: {id: book.id}\n  set: {copies: 1}\n  expect_rows: many\n', 'wrong-type', 'many', 'whole number'),
    ('  where: {id: book.id}\n  set: {copies: 1}\n  expect_rows: true\n', 'wrong-type', 'true', 'whole number'),
    ('  where: {id: book.id}\n  set: {copies: 1}\n  expect_rows: null\n', 'wrong-type', 'null', 'whole number'),
    ('  where: {id: book.id}\n  set: {copies: 1}\n  expect_rows: {}\n', 'wrong-type', '{}', 'whole number'),
    ('  where: {id: book.id}\n  set: {copies: 1}\n  expect_rows: {at_least: 5, at_most: 1}\n', 'out-of-bounds', 'at_least', 'not above'),
    ('  where: {id: book.id}\n  set: {copies: 1}\n  expect_rows: {at_least: a}\n', 'wrong-type', 'at_least', 'whole numbers'),
    ('  where: {id: book.id}\n  set: {copies: 1}\n  expect_rows: {at_leest: 1}\n', 'unknown-key', 'at_leest', 'did you mean `at_least`?'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_update_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = in_flow(NODE + written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize(
    "written",
    [
        "  where: {id: book.id}\n  set: {copies: 1}\n",
        "  where: {id: book.id}\n  set: {copies: 1}\n  expect_rows: {at_least: 0, at_most: 5}\n",
        "  where: {id: book.id}\n  set: {note: input.remark}\n  else: out\n",
    ],
)
def test_a_sound_update_is_taken(written: str) -> None:
    assert fits_in_flow(NODE + written)


@pytest.mark.parametrize(
    "written",
    [
        "  set: {copies: 1}\n",
        "  where: {}\n  set: {copies: 1}\n",
        "  where: {id: book.id}\n  set: {state: \"'lent'\", archived_at: now}\n",
    ],
)
def test_what_a_rule_judges_is_no_problem_of_the_node(written: str) -> None:
    assert fits_in_flow(NODE + written)


def test_a_fixed_field_is_kept_in_what_is_set_for_a_rule_to_judge() -> None:
    assert fits_in_flow("- update: u\n  entity: Loan\n  where: {book: book.id}\n  set: {reader: input.reader}\n")
