"""Expressions of two versions: whether they are the same, and which of two conditions asks for more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from writ.spec.resolved import TypedExpression
from writ.values.syntax import Call, Node
from writ.values.syntax import Literal as Constant

Strength = Literal["same", "weaker", "stronger", "other"]
_Reach = Literal["same", "wider", "narrower", "other"]
"""When an expression is true, compared with another: whenever that is and at other times, or only at some of these."""

_UPWARDS, _DOWNWARDS = frozenset({"_<_", "_<=_"}), frozenset({"_>_", "_>=_"})


def same(expression: TypedExpression | None) -> Node | str | None:
    """What two expressions share exactly when they are the same, however they are laid out."""
    if expression is None:
        return None
    return expression.tree if expression.tree is not None else expression.source.strip()


def strength(old: TypedExpression, new: TypedExpression) -> Strength:
    """Whether a condition that must be true asks for less or for more than before, where that can be told: a part was
    added or taken away, or a number it is compared with is another.
    """
    return _REQUIRED[_reach(old, new)]


def strength_of_denial(old: TypedExpression, new: TypedExpression) -> Strength:
    """The same for a condition that denies where it is true."""
    return _DENIED[_reach(old, new)]


_REQUIRED: dict[_Reach, Strength] = {"same": "same", "wider": "weaker", "narrower": "stronger", "other": "other"}
_DENIED: dict[_Reach, Strength] = {"same": "same", "wider": "stronger", "narrower": "weaker", "other": "other"}


def _reach(old: TypedExpression, new: TypedExpression) -> _Reach:
    if same(old) == same(new):
        return "same"
    if old.tree is None or new.tree is None:
        return "other"
    joined = _joined(old.tree, new.tree, "_&&_", "narrower", "wider")
    return joined if joined != "other" else _joined(old.tree, new.tree, "_||_", "wider", "narrower")


def _joined(old: Node, new: Node, operator: str, by_more: _Reach, by_less: _Reach) -> _Reach:
    """Compares what `operator` joins; one part more makes the whole true `by_more`."""
    before, after = list(_parts(old, operator)), list(_parts(new, operator))
    if all(part in after for part in before):
        return by_more
    if all(part in before for part in after):
        return by_less
    if len(before) != len(after):
        return "other"
    found = {_compared(*both) for both in zip(before, after, strict=True)} - {"same"}
    return found.pop() if len(found) == 1 else "other"


def _parts(node: Node, operator: str) -> Iterator[Node]:
    if isinstance(node, Call) and node.function == operator:
        for part in node.arguments:
            yield from _parts(part, operator)
    else:
        yield node


def _compared(old: Node, new: Node) -> _Reach:
    """Two comparisons of one thing with a number each."""
    if old == new:
        return "same"
    match old, new:
        case (
            Call(function=function, arguments=(left, Constant(value=int() | float() as before))),
            Call(function=other, arguments=(right, Constant(value=int() | float() as after))),
        ) if function == other and left == right and function in _UPWARDS | _DOWNWARDS:
            return "wider" if (after > before) == (function in _UPWARDS) else "narrower"
    return "other"
