# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.nodes.behind import checked, facts, lists, uses, wrong

MISTAKES = [
    # the node, code, what is underlined, words
    ("- each: e\n  over: '[1]'\n", 'missing-key', 'each', '`nodes` is missing'),
    ('- each: e\n  over: input.days\n  nodes: [{transform: t, value: item}]\n', 'expression-type', 'input.days', 'needs a list'),
    ("- each: e\n  over: '[1, 2]'\n  nodes: []\n", 'no-nodes', 'nodes', 'nothing happens'),
    ("- each: e\n  over: '[1, 2]'\n  nodes: [{transform: t, value: item + 1}]\n  max: 0\n", 'out-of-bounds', '0', 'at least 1'),
    ("- each: e\n  over: '[1, 2]'\n  nodes: [{transform: t, value: 5}]\n  as: book\n", 'duplicate-name', 'as', 'choose another name'),
    ("- each: e\n  over: '[1, 2]'\n  nodes: [{transform: t, value: item + 1}]\n- transform: u\n  value: t\n", 'unknown-name', 't', 'known here'),
    ("- each: e\n  over: '[1, 2]'\n  nodes: [{transform: t, value: item + 1}]\n- transform: u\n  value: item\n", 'unknown-name', 'item', 'known here'),
    ("- each: e\n  mx: 5\n  over: '[1, 2]'\n  nodes: [{transform: t, value: item + 1}]\n", 'unknown-key', 'mx', 'did you mean `max`?'),
    ("- each: e\n  over: '[1]'\n  nodes: [{each: f, over: '[1]', nodes: [{transform: t, value: item}]}]\n", 'duplicate-name', 'f', 'choose another name'),
]  # fmt: skip


@pytest.mark.parametrize(("node", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_each_is_one_problem(node: str, code: str, underlined: str, words: str) -> None:
    found = wrong(node)
    assert found[:2] == (code, underlined)
    assert words in found[2]


EACH = "- each: e\n  over: '[1, 2]'\n  nodes: [{transform: t, value: item + 1}]\n"


def test_an_each_without_a_bound_types_for_a_rule_to_judge() -> None:
    found = facts(EACH)
    assert found.repetition is not None
    assert (found.repetition.most, found.repetition.item) == (None, "item")
    assert uses(EACH) == [("over", "over", "[1, 2]")]
    assert lists(EACH) == ["nodes"]


def test_an_element_has_the_name_it_is_given() -> None:
    node = EACH.replace("item", "number") + "  as: number\n  max: 5\n"
    assert checked(node).problems == ()
