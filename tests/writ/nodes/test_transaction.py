# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.library import LEND, edited, library, mistake, only
from writ.nodes.kinds import facts_of

MISTAKES = [
    ("- transaction: t\n    nodes: []", "no-nodes", "nodes", "nothing happens"),
    ("- transaction: t\n    nodes:", "wrong-type", "nodes", "a list"),
    ("- transaction:\n    nodes: [{transform: v, value: 5}]", "wrong-type", "transaction", "a name"),
    ("- transaction: lending\n    nodes: [{transform: v, value: 5}]", "duplicate-name", "lending", "the first is"),
    ("- transaction: t\n    isolation: serialisable\n    nodes: []", "not-allowed", "serialisable", "did you mean"),
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


@pytest.mark.parametrize(
    "times", ["timeout: none", "timeout: 5s", "statement_timeout: 500ms", "timeout: 1s\n    statement_timeout: 1s"]
)
def test_short_times_are_taken(times: str) -> None:
    lend = edited("lend", "transaction: lending\n", f"transaction: lending\n    {times}\n")
    assert library(lend=lend).problems == ()


IN_A_TRANSACTION = [
    "- transaction: u\n        nodes: [{transform: v, value: 5}]",
    "- wait: w\n        for: 5m",
    "- approval: a\n        roles: [clerk]\n        else: out",
    "- http: h\n        url: \"'https://a.example'\"",
    "- delete: d\n        entity: Book\n        where: {id: book.id}",
    "- erase: e\n        entity: Book\n        where: {id: book.id}",
    "- emit: m\n        event: book.lent",
    '- sql: "UPDATE book"',
]


@pytest.mark.parametrize("node", IN_A_TRANSACTION)
def test_what_a_rule_refuses_inside_types_there(node: str) -> None:
    lend = edited("lend", "      - create: loan\n", f"      {node}\n      - create: loan\n")
    result = library(lend=lend)
    assert result.problems == ()


@pytest.mark.parametrize(
    "node",
    [
        "- update: u\n    entity: Book\n    where: {id: loan.book}\n    set: {copies: 1}",
        "- archive: a\n    entity: Book\n    where: {id: loan.book}",
        "- emit: m\n    event: book.lent",
    ],
)
def test_a_write_outside_a_transaction_types_for_a_rule_to_judge(node: str) -> None:
    assert library(lend=edited("lend", "  - respond:", f"  {node}\n  - respond:")).problems == ()


def test_what_follows_an_answer_is_a_problem_only_where_it_does_nothing() -> None:
    idle = LEND + "  - transform: t\n    value: 5\n"
    assert only(library(lend=idle)).code == "unreachable-node"
    writing = (
        LEND + "  - transaction: t\n    nodes:\n      - {create: b, entity: Book, set: {title: loan.id, copies: 1}}\n"
    )
    assert library(lend=writing).problems == ()


@pytest.mark.parametrize(
    "kind", ["parallel: p\n        branches: {a: []}", "each: e\n        over: '[1]'\n        nodes: []"]
)
def test_a_container_between_transactions_has_no_place_inside(kind: str) -> None:
    lend = edited("lend", "      - create: loan\n", f"      - {kind}\n      - create: loan\n")
    assert "misplaced-node" in {problem.code for problem in library(lend=lend).problems}


def test_a_transaction_states_how_it_is_kept_apart_and_which_limits_it_has_not() -> None:
    keys = "transaction: lending\n    isolation: read_committed\n    timeout: none\n    statement_timeout: 1s\n"
    checked = library(lend=edited("lend", "transaction: lending\n", keys))
    assert checked.app is not None
    block = facts_of(checked.app.tools["lend"].flow[0]).block
    assert block is not None
    assert block.isolation == "read_committed"
    assert block.isolation_span is not None
    assert [(it.key, it.longest_ms, it.span.length) for it in block.without] == [("timeout", 5000, 4)]


def test_a_transaction_of_which_nothing_is_said_is_serializable_and_has_its_limits() -> None:
    checked = library()
    assert checked.app is not None
    block = facts_of(checked.app.tools["lend"].flow[0]).block
    assert block is not None
    assert (block.isolation, block.isolation_span, block.without) == ("serializable", None, ())
