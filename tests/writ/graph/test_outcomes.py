"""Which conditions can be true together."""

from __future__ import annotations

import pytest

from writ.graph.outcomes import MOST_PARTS, outcomes
from writ.values import Boolean, Checked, check
from writ.values.syntax import Node

NAMES = [f"{letter}{number}" for letter in "abc" for number in range(MOST_PARTS)]


def tree(source: str) -> Node:
    checked = check(source, {name: Boolean() for name in NAMES}, expected=Boolean())
    assert isinstance(checked, Checked)
    assert checked.tree is not None
    return checked.tree


def ways(*sources: str, passed: tuple[str, ...] = ()) -> set[tuple[bool, ...]]:
    found = list(outcomes([tree(one) if one else None for one in sources], [tree(one) for one in passed]))
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize(
    ("sources", "passed", "found"),
    [
        (("a1",), (), {(True,), (False,)}),
        (("", "a1"), (), {(True, True), (True, False)}),
        (("a1", "!a1"), (), {(True, False), (False, True)}),
        (("a1", "b1"), (), {(True, True), (True, False), (False, True), (False, False)}),
        (("a1", "a1"), (), {(True, True), (False, False)}),
        (("a1 && b1", "a1"), (), {(True, True), (False, True), (False, False)}),
        (("a1", "b1"), ("a1 || b1",), {(True, True), (True, False), (False, True)}),
        (("a1",), ("a1 && c1",), {(True,)}),
        (("a1",), ("c1",), {(True,), (False,)}),
        (("true", "false"), (), {(True, False)}),
    ],
)
def test_conditions_turn_out_together_as_their_parts_allow(
    sources: tuple[str, ...], passed: tuple[str, ...], found: set[tuple[bool, ...]]
) -> None:
    assert ways(*sources, passed=passed) == found


def test_conditions_of_many_parts_count_as_independent() -> None:
    many = " && ".join(NAMES[: MOST_PARTS + 1])
    assert ways(many, "!a1") == {(True, True), (True, False), (False, True), (False, False)}
