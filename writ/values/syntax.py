"""A parsed expression as small frozen values of our own, each knowing where in the source it stands.

Rules and data-flow questions read these; nothing outside this package meets the engine's own tree. Macros are expanded,
as the engine does it: `has(a.b)` is a `Select` with `test`, `all`, `exists`, `map` and `filter` are a `Comprehension`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Place:
    """`id` is the node's number in its expression; `offset` its first character in the source, -1 where it has none."""

    id: int = field(compare=False)
    offset: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A written constant: text, int, float, bool, bytes or None."""

    at: Place
    value: str | int | float | bool | bytes | None


@dataclass(frozen=True, slots=True)
class Name:
    """A variable: one the scope declares, or one a comprehension binds."""

    at: Place
    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """`operand.field`; with `test`, the question `has(operand.field)`."""

    at: Place
    operand: Node
    field: str
    test: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A function or operator; operators are called as CEL does it (`_==_`, `_&&_`, `_?_:_`, `@in`, `_[_]`)."""

    at: Place
    function: str
    target: Node | None
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """`[a, b]`."""

    at: Place
    elements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapLiteral:
    """`{'a': b}`."""

    at: Place
    entries: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Construction:
    """`a.B{c: d}`, which our dialect refuses; `name` is the message it names."""

    at: Place
    name: str


@dataclass(frozen=True, slots=True)
class Comprehension:
    """A fold: for each `variable` of `range`, `accumulator` becomes `step` while `condition` holds, giving `result`."""

    at: Place
    variable: str
    second: str
    range: Node
    accumulator: str
    start: Node
    condition: Node
    step: Node
    result: Node


Node: TypeAlias = Literal | Name | Select | Call | ListLiteral | MapLiteral | Construction | Comprehension
Path: TypeAlias = tuple[str, ...]


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, in the order they are written (a comprehension's: range, start, condition, step, result)."""
    match node:
        case Select():
            return (node.operand,)
        case Call():
            return ((node.target,) if node.target else ()) + node.arguments
        case ListLiteral():
            return node.elements
        case MapLiteral():
            return tuple(part for entry in node.entries for part in entry)
        case Comprehension():
            return (node.range, node.start, node.condition, node.step, node.result)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, outermost first."""
    yield node
    for child in children(node):
        yield from walk(child)


def path_of(node: Node) -> Path | None:
    """`("slot", "state")` for `slot.state`, also below `has()`; None for anything that is not names and dots."""
    match node:
        case Name():
            return (node.name,)
        case Select():
            above = path_of(node.operand)
            return None if above is None else (*above, node.field)
        case _:
            return None


def place_of(node: Node) -> Path | None:
    """Like `path_of`, but constant indexes count too: what a proof of presence is about."""
    match node:
        case Call(function="_[_]", arguments=(operand, Literal(value=value))):
            above = place_of(operand)
            return None if above is None else (*above, f"[{value!r}]")
        case Select():
            above = place_of(node.operand)
            return None if above is None else (*above, node.field)
        case _:
            return path_of(node)


def references(
    node: Node, bound: frozenset[str] = frozenset(), without: Callable[[Node], bool] = lambda node: False
) -> frozenset[Path]:
    """Every longest path that is read, by root variable; variables bound by comprehensions are left out, and so are
    the parts that `without` is true of.
    """
    if without(node):
        return frozenset()
    path = path_of(node)
    if path is not None:
        return frozenset() if path[0] in bound else frozenset({path})
    if isinstance(node, Comprehension):
        inner = bound | {node.variable, node.accumulator, node.second}
        outer = references(node.range, bound, without) | references(node.start, bound, without)
        return outer.union(*(references(part, inner, without) for part in (node.condition, node.step, node.result)))
    return frozenset[Path]().union(*(references(child, bound, without) for child in children(node)))
