"""What a condition proves about values that may be absent: `has(a.b) && …` and everything that amounts to it."""

from __future__ import annotations

from dataclasses import dataclass

from writ.values.syntax import Call, Literal, Node, Path, Select, place_of


@dataclass(frozen=True, slots=True)
class Facts:
    """Places known to be present when a condition is true, and when it is false; None: it never is, so all of them."""

    if_true: frozenset[Path] | None = frozenset()
    if_false: frozenset[Path] | None = frozenset()


def facts(node: Node) -> Facts:
    """What the outcome of `node` proves."""
    match node:
        case Select(test=True):
            return Facts(if_true=_with_prefixes(place_of(node)))
        case Literal(value=True):
            return Facts(if_false=None)
        case Literal(value=False):
            return Facts(if_true=None)
        case Call(function="!_", arguments=(inner,)):
            opposite = facts(inner)
            return Facts(opposite.if_false, opposite.if_true)
        case Call(function="_&&_", arguments=(left, right)):
            return _and(facts(left), facts(right))
        case Call(function="_||_", arguments=(left, right)):
            return _swap(_and(_swap(facts(left)), _swap(facts(right))))
        case Call(function="_?_:_", arguments=(condition, yes, no)):
            return _choice(facts(condition), facts(yes), facts(no))
        case _:
            return Facts()


def _with_prefixes(place: Path | None) -> frozenset[Path]:
    return frozenset(place[:length] for length in range(2, len(place) + 1)) if place else frozenset()


def _swap(given: Facts) -> Facts:
    return Facts(given.if_false, given.if_true)


def _and(left: Facts, right: Facts) -> Facts:
    return Facts(_all(left.if_true, right.if_true), _common(left.if_false, right.if_false))


def _choice(condition: Facts, yes: Facts, no: Facts) -> Facts:
    return Facts(
        _common(_all(condition.if_true, yes.if_true), _all(condition.if_false, no.if_true)),
        _common(_all(condition.if_true, yes.if_false), _all(condition.if_false, no.if_false)),
    )


def _all(left: frozenset[Path] | None, right: frozenset[Path] | None) -> frozenset[Path] | None:
    return None if left is None or right is None else left | right


def _common(left: frozenset[Path] | None, right: frozenset[Path] | None) -> frozenset[Path] | None:
    if left is None:
        return right
    return left if right is None else left & right
