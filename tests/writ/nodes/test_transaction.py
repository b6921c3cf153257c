# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.library import edited, library, mistake

MISTAKES = [
    ("- transaction: t\n    nodes: []", "no-nodes", "nodes", "nothing happens"),
    ("- transaction: t\n    nodes:", "wrong-type", "nodes", "a list"),
    ("- transaction:\n    nodes: [{transform: v, value: 5}]", "wrong-type", "transaction", "a name"),
    ("- transaction: lending\n    nodes: [{transform: v, value: 5}]", "duplicate-name", "lending", "the first is"),
    ("- transaction: t\n    isolation: serialisable\n    nodes: []", "not-allowed", "serialisable", "did you mean"),
    ("- transaction: t\n    nodes: [{transaction: u, nodes: [{transform: v, value: 5}]}]", "misplaced-node", "transaction", "inside"),
    ("- transaction: t\n    nodes: [{refuse: out}]", "misplaced-node", "refuse", "inside the transaction `t`"),
    ("- transaction: t\n    nodes: [{if: i, when: 'true', then: [{refuse: out}]}]", "misplaced-node", "refuse", "inside"),
    ("- read: r\n    entity: Book\n    where: {id: input.book}", "misplaced-node", "read", "under the `nodes`"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_transaction_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = mistake("lend", "  - respond:", f"  {written}\n  - respond:")
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize("time", ["5", "1m", "0s", "9s", "-1s", "2.5s", "''", "[2s]"])
def test_a_time_that_is_none_or_too_long_is_a_problem_at_its_place(time: str) -> None:
    code, _, words = mistake("lend", "transaction: lending\n", f"transaction: lending\n    timeout: {time}\n")
    assert code == "out-of-bounds"
    assert "at most 5s" in words


@pytest.mark.parametrize("times", ["timeout: 5s", "statement_timeout: 500ms", "timeout: 1s\n    statement_timeout: 1s"])
def test_short_times_are_taken(times: str) -> None:
    lend = edited("lend", "transaction: lending\n", f"transaction: lending\n    {times}\n")
    assert library(lend=lend).problems == ()
