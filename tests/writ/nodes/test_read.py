# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.library import fits_in_flow, in_flow

NODE = "- read: r\n  entity: Book\n"

MISTAKES = [
    # what follows, code, what is underlined, words
    ('  where: {}\n', 'empty-where', 'r', 'add `where`'),
    ('  where:\n', 'wrong-type', 'where', 'a mapping'),
    ('', 'empty-where', 'r', 'add `where`'),
    ('  wher: {id: book.id}\n', 'unknown-key', 'wher', 'not a key of a `read`'),
    ('  where: {id: book.id}\n  expect: two\n', 'not-allowed', 'two', '`optional`'),
    ('  where: {id: book.id}\n  limit: 5\n', 'misplaced-key', 'limit', 'expect: many'),
    ('  where: {id: book.id}\n  expect: many\n  limit: 0\n', 'out-of-bounds', '0', 'between 1 and 1000'),
    ('  where: {id: book.id}\n  expect: many\n  limit: -1\n', 'out-of-bounds', '-1', 'between 1 and 1000'),
    ('  where: {id: book.id}\n  expect: many\n  limit: 5000\n', 'out-of-bounds', '5000', 'between 1 and 1000'),
    ('  where: {id: book.id}\n  expect: many\n  limit: 1.5\n', 'expression-type', '1.5', 'an integer'),
    ('  where: {id: book.id}\n  expect: many\n  limit: 99999999999999999999\n', 'number-out-of-range', '99999999999999999999', '64 bits'),
    ('  where: {id: book.id}\n  expect: many\n  limit: 5\n  order: [titel]\n', 'unknown-field', 'titel', 'did you mean `title`?'),
    ('  where: {id: book.id}\n  expect: many\n  limit: 5\n  order: [tags]\n', 'unknown-field', 'tags', 'no order'),
    ('  where: {id: book.id}\n  expect: many\n  limit: 5\n  order: [-price]\n', 'unknown-field', '-price', 'no order'),
    ('  where: {id: book.id}\n  expect: many\n  limit: 5\n  order: [title, -title]\n', 'duplicate-value', '-title', 'twice'),
    ('  where: {id: book.id}\n  expect: many\n  limit: 5\n  order: [5]\n', 'wrong-type', '5', 'name of a field'),
    ('  where: {id: book.id}\n  expect: many\n  limit: 5\n  order: title\n', 'wrong-type', 'title', 'a list'),
    ('  where: {id: book.id}\n  order: [title]\n', 'misplaced-key', 'order', 'expect: many'),
    ('  where: {id: book.id}\n  lock: exclusive\n', 'not-allowed', 'exclusive', '`update` or `share`'),
    ('  where: {id: book.id}\n  lock:\n', 'wrong-type', 'lock', 'remove the key'),
    ('  where: {id: book.id}\n  expect: optional\n  else: ut\n', 'misplaced-key', 'else', 'expect: one'),
    ('  where: {id: book.id}\n  else: not_found\n', 'unknown-refusal', 'not_found', 'leave it out'),
    ('  where: {id: book.id}\n  require: x\n', 'two-nodes', 'require', 'begin every node'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_read_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = in_flow(NODE + written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize(
    "written",
    [
        "  where: {id: book.id}\n",
        "  where: {id: book.id}\n  expect: optional\n  lock: share\n",
        "  expect: many\n  limit: input.days\n  order: [-genre, title]\n",
        "  where: {id: book.id}\n  else: out\n",
    ],
)
def test_a_sound_read_is_taken(written: str) -> None:
    assert fits_in_flow(NODE + written)


@pytest.mark.parametrize("written", ["  where: {id: book.id}\n  expect: many\n"])
def test_what_a_rule_judges_is_no_problem_of_the_node(written: str) -> None:
    assert fits_in_flow(NODE + written)
