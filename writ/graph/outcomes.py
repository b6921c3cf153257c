"""Which of several conditions can be true together, as far as `!`, `&&` and `||` decide it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from writ.values.syntax import Call, Literal, Node

MOST_PARTS = 10
"""More different parts than this are not looked at together: the conditions then count as independent."""


def outcomes(conditions: Sequence[Node | None], passed: Sequence[Node] = ()) -> Iterator[tuple[bool, ...]]:
    """Every way the conditions can turn out, where those `passed` are true; None is a condition that always holds.

    A part that is neither `!`, `&&` nor `||` is free; equal parts turn out alike.
    """
    parts = tuple(dict.fromkeys(part for one in conditions if one is not None for part in _parts(one)))
    if len(parts) > MOST_PARTS:
        yield from product(*((True,) if one is None else (False, True) for one in conditions))
        return
    known = [one for it in passed for one in _conjuncts(it) if set(_parts(one)) <= set(parts)]
    told: set[tuple[bool, ...]] = set()
    for values in product((False, True), repeat=len(parts)):
        world = dict(zip(parts, values, strict=True))
        outcome = tuple(one is None or _holds(one, world) for one in conditions)
        if outcome not in told and all(_holds(one, world) for one in known):
            told.add(outcome)
            yield outcome


def negated(condition: Node) -> Node:
    """The opposite of a condition, for an `else`."""
    return Call(condition.at, "!_", None, (condition,))


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, Call) and node.function == "_&&_":
        for part in node.arguments:
            yield from _conjuncts(part)
    else:
        yield node


def _parts(node: Node) -> Iterator[Node]:
    if isinstance(node, Call) and node.function in ("!_", "_&&_", "_||_"):
        for argument in node.arguments:
            yield from _parts(argument)
    elif not isinstance(node, Literal):
        yield node


def _holds(node: Node, world: Mapping[Node, bool]) -> bool:
    match node:
        case Call(function="!_", arguments=(inner,)):
            return not _holds(inner, world)
        case Call(function="_&&_", arguments=arguments):
            return all(_holds(one, world) for one in arguments)
        case Call(function="_||_", arguments=arguments):
            return any(_holds(one, world) for one in arguments)
        case Literal(value=value):
            return value is True
    return world[node]
