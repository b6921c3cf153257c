"""Whether a condition on one row can hold at all: a small solver over bounds, choices and lengths.

What it does not understand it takes for possible, so that `impossible` is never a guess.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeAlias

from writ.spec.resolved import Entity
from writ.values.syntax import Call, ListLiteral, Literal, Name, Node, Select, path_of
from writ.values.types import Enumeration, Integer

_MOST_WAYS = 256
"""Ways a condition may hold that are looked at; one with more is taken for possible."""

_MIRRORED = {"_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_", "_==_": "_==_", "_!=_": "_!=_"}
_NEGATED = {"_<_": "_>=_", "_<=_": "_>_", "_>_": "_<=_", "_>=_": "_<_", "_==_": "_!=_", "_!=_": "_==_"}

Value: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Range:
    """The values something can have: numbers between two bounds, or one of `choices` (None: any text)."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    whole: bool = False
    choices: frozenset[Value] | None = None
    without: frozenset[Value] = frozenset()

    def is_empty(self) -> bool:
        """Whether nothing is left."""
        if self.choices is not None:
            return not self.choices - self.without
        low, high = self._closed() if self.whole else (self.low, self.high)
        if low > high:
            return True
        return low == high and (low in self.without or (not self.whole and (self.low_open or self.high_open)))

    def where(self, operator: str, value: Value) -> Range:
        """What is left of it where it compares so with a value."""
        if operator == "_==_":
            return self._only(value)
        if operator == "_!=_":
            return replace(self, without=self.without | {value})
        if isinstance(value, str):
            return self
        if operator in ("_<_", "_<=_"):
            return self._below(value, open=operator == "_<_")
        return self._above(value, open=operator == "_>_")

    def _only(self, value: Value) -> Range:
        if isinstance(value, str | bool):
            left = frozenset({value}) if self.choices is None else self.choices & {value}
            return replace(self, choices=left)
        return self._below(value, open=False)._above(value, open=False)

    def _below(self, value: float, *, open: bool) -> Range:
        if value > self.high or (value == self.high and not open):
            return self
        return replace(self, high=value, high_open=open)

    def _above(self, value: float, *, open: bool) -> Range:
        if value < self.low or (value == self.low and not open):
            return self
        return replace(self, low=value, low_open=open)

    def _closed(self) -> tuple[float, float]:
        low = math.floor(self.low) + 1 if self.low_open and math.isfinite(self.low) else self.low
        high = math.ceil(self.high) - 1 if self.high_open and math.isfinite(self.high) else self.high
        return (
            math.ceil(low) if math.isfinite(low) else low,
            math.floor(high) if math.isfinite(high) else high,
        )


@dataclass(frozen=True, slots=True)
class _Atom:
    """`key` compares with a value, or is (or is not) among several."""

    key: str
    operator: str
    values: tuple[Value, ...]


_Ways: TypeAlias = list[tuple[_Atom, ...]]
"""Each is one way in which a condition holds: everything in it at once. An empty one: nothing is known of it."""

Ranges: TypeAlias = Mapping[str, Range]


def ranges_of(entity: Entity, state: str | None = None) -> dict[str, Range]:
    """What the fields of a row can hold as they are declared, by `this.field` and `size(this.field)`; in one state."""
    found: dict[str, Range] = {"count": Range(low=0, whole=True)}
    for field in entity.fields.values():
        name = f"this.{field.name}"
        if isinstance(field.type, Enumeration):
            found[name] = Range(choices=frozenset(field.type.values))
        else:
            low = -math.inf if field.minimum is None else field.minimum
            high = math.inf if field.maximum is None else field.maximum
            found[name] = Range(low, high, whole=isinstance(field.type, Integer))
        longest = field.max_length if field.max_length is not None else field.max_items
        found[f"size({name})"] = Range(field.min_length or 0, math.inf if longest is None else longest, whole=True)
    if state is not None:
        found["this.state"] = Range(choices=frozenset({state}))
    return found


def impossible(conditions: Iterable[Node | None], ranges: Ranges) -> bool:
    """Whether the conditions can never hold together for values in these ranges."""
    together = [_ways(node, holds=True) for node in conditions if node is not None]
    if math.prod(len(ways) for ways in together) > _MOST_WAYS:
        return False
    return all(_excluded([atom for way in one for atom in way], ranges) for one in product(*together))


def _excluded(atoms: Sequence[_Atom], ranges: Ranges) -> bool:
    left = dict(ranges)
    for atom in atoms:
        left[atom.key] = _narrowed(left.get(atom.key, Range()), atom)
    return any(left[atom.key].is_empty() for atom in atoms)


def _narrowed(known: Range, atom: _Atom) -> Range:
    if atom.operator == "in":
        choices = frozenset(atom.values)
        numbers = [value for value in choices if not isinstance(value, str | bool)]
        if numbers and len(numbers) == len(choices):
            return known.where("_>=_", min(numbers)).where("_<=_", max(numbers))
        return replace(known, choices=choices if known.choices is None else known.choices & choices)
    for value in atom.values:
        known = known.where(atom.operator, value)
    return known


def _ways(node: Node, *, holds: bool) -> _Ways:
    """The ways in which a condition holds, or does not."""
    match node:
        case Literal(value=bool() as value):
            return [()] if value == holds else []
        case Call(function="!_", arguments=(inner,)):
            return _ways(inner, holds=not holds)
        case Call(function="_&&_" | "_||_", arguments=(left, right)):
            both = (_ways(left, holds=holds), _ways(right, holds=holds))
            return _both(*both) if (node.function == "_&&_") == holds else [*both[0], *both[1]]
        case Call(function="_?_:_", arguments=(condition, yes, no)):
            then = _both(_ways(condition, holds=True), _ways(yes, holds=holds))
            return [*then, *_both(_ways(condition, holds=False), _ways(no, holds=holds))]
    return [tuple(_atoms(node, holds=holds))]


def _both(left: _Ways, right: _Ways) -> _Ways:
    if len(left) * len(right) > _MOST_WAYS:
        return [()]
    return [(*one, *other) for one in left for other in right]


def _atoms(node: Node, *, holds: bool) -> Iterator[_Atom]:
    if isinstance(node, Name | Select):
        yield from _yes_or_no(node, holds=holds)
    if not isinstance(node, Call) or len(node.arguments) != 2:
        return
    left, right = node.arguments
    key, value = _key(left), _value(right)
    if node.function == "@in":
        listed = _listed(right)
        if key is not None and listed is not None:
            yield _Atom(key, "in" if holds else "_!=_", listed)
        return
    if node.function not in _MIRRORED:
        return
    operator = node.function if holds else _NEGATED[node.function]
    if key is not None and value is not None:
        yield _Atom(key, operator, (value,))
        return
    key, value = _key(right), _value(left)
    if key is not None and value is not None:
        yield _Atom(key, _MIRRORED[operator], (value,))


def _yes_or_no(node: Name | Select, *, holds: bool) -> Iterator[_Atom]:
    """A field that is true or false itself, or the question whether one is there."""
    path = path_of(node)
    if path is not None:
        name = ".".join(path)
        yield _Atom(f"has({name})" if isinstance(node, Select) and node.test else name, "_==_", (holds,))


def _key(node: Node) -> str | None:
    """What a condition is about: a field, a figure, or how long a field is."""
    if isinstance(node, Call) and node.function == "size":
        inner = [*node.arguments, *([node.target] if node.target else [])]
        path = path_of(inner[0]) if len(inner) == 1 else None
        return None if path is None else f"size({'.'.join(path)})"
    path = path_of(node)
    return None if path is None else ".".join(path)


def _value(node: Node) -> Value | None:
    if isinstance(node, Call) and node.function == "-_":
        inner = _value(node.arguments[0])
        return -inner if isinstance(inner, int | float) else None
    return node.value if isinstance(node, Literal) and isinstance(node.value, str | int | float) else None


def _listed(node: Node) -> tuple[Value, ...] | None:
    if not isinstance(node, ListLiteral):
        return None
    values = [_value(element) for element in node.elements]
    return tuple(value for value in values if value is not None) if None not in values else None
