"""Expressions of two versions: whether they are the same, and which of two conditions asks for more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from writ.spec.resolved import TypedExpression
from writ.values.syntax import Call, Node

Strength = Literal["same", "weaker", "stronger", "other"]


def same(expression: TypedExpression | None) -> Node | str | None:
    """What two expressions share exactly when they are the same, however they are laid out."""
    if expression is None:
        return None
    return expression.tree if expression.tree is not None else expression.source.strip()


def strength(old: TypedExpression, new: TypedExpression) -> Strength:
    """Whether a condition that must be true asks for less or for more than before, where that can be told: a part was
    added to it or taken from it.
    """
    return _compared(old, new, asks_more="_&&_", asks_less="_||_")


def strength_of_denial(old: TypedExpression, new: TypedExpression) -> Strength:
    """The same for a condition that denies where it is true."""
    return _compared(old, new, asks_more="_||_", asks_less="_&&_")


def _compared(old: TypedExpression, new: TypedExpression, *, asks_more: str, asks_less: str) -> Strength:
    if same(old) == same(new):
        return "same"
    if old.tree is None or new.tree is None:
        return "other"
    for operator, more, less in ((asks_more, "stronger", "weaker"), (asks_less, "weaker", "stronger")):
        before, after = list(_parts(old.tree, operator)), list(_parts(new.tree, operator))
        if all(part in after for part in before):
            return "stronger" if more == "stronger" else "weaker"
        if all(part in before for part in after):
            return "weaker" if less == "weaker" else "stronger"
    return "other"


def _parts(node: Node, operator: str) -> Iterator[Node]:
    if isinstance(node, Call) and node.function == operator:
        for part in node.arguments:
            yield from _parts(part, operator)
    else:
        yield node
