# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.nodes.behind import checked, facts, lists, wrong

MISTAKES = [
    # the node, code, what is underlined, words
    ('- parallel: p\n', 'missing-key', 'parallel', '`branches` is missing'),
    ('- parallel: p\n  branches: {}\n', 'no-nodes', 'branches', 'nothing happens'),
    ('- parallel: p\n  branches: {a: 5}\n', 'wrong-type', '5', 'a list'),
    ('- parallel: p\n  branches: {a: []}\n  at_most: 0\n', 'out-of-bounds', '0', 'at least 1'),
    ('- parallel: p\n  branches: {a: [{transform: t, value: 1}], b: [{transform: t, value: 2}]}\n', 'duplicate-name', 't', 'the first is'),
    ('- parallel: p\n  branches: {a: [{transform: t, value: 1}], b: [{transform: u, value: t}]}\n', 'unknown-name', 't', 'known here'),
    ('- parallel: p\n  branchs: {a: [{transform: t, value: 1}]}\n- transform: u\n  value: 5\n', 'unknown-key', 'branchs', 'did you mean'),
]  # fmt: skip


@pytest.mark.parametrize(("node", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_parallel_is_one_problem(node: str, code: str, underlined: str, words: str) -> None:
    found = wrong(node)
    assert found[:2] == (code, underlined)
    assert words in found[2]


BOTH = "- parallel: p\n  branches: {a: [{transform: t, value: 1}], b: [{transform: u, value: 2}]}\n"


def test_what_branches_bind_is_seen_behind_them() -> None:
    assert checked(BOTH + "- transform: both\n  value: t + u\n").problems == ()
    assert lists(BOTH) == ["a", "b"]
    assert facts(BOTH).effect == "none"


def test_a_wrong_parallel_binds_what_its_branches_bind() -> None:
    node = BOTH + "  at_mst: 5\n- transform: both\n  value: t + u\n"
    assert [problem.code for problem in checked(node).problems] == ["unknown-key"]


def test_a_branch_that_ends_the_run_ends_it() -> None:
    node = "- parallel: p\n  branches: {a: [{refuse: out}], b: []}\n"
    assert [problem.code for problem in checked(node).problems] == ["unreachable-node"]
