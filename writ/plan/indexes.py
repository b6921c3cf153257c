"""Indexes: one for every `where` the plans use, and none twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from writ.nodes.typed import (
    TypedApp,
    TypedArchive,
    TypedChoice,
    TypedNode,
    TypedRead,
    TypedTransaction,
    TypedTransition,
    TypedUpdate,
)
from writ.plan.columns import columns_of
from writ.spec.resolved import Condition, Entity, EntityField
from writ.values.types import ListOf, Text

_EQUALITIES = ("equals", "among")
_LONGEST_ENTRY = 2600
_LONGEST_SCALAR = 16
_RANGES = ("at_least", "at_most", "above", "below")


@dataclass(frozen=True, slots=True)
class Index:
    """Columns in order. `whole`: archived rows too, because an archived row still owns those that lead to it."""

    columns: tuple[str, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Search:
    """How one `where` finds its rows: by equality, then along a range or an order."""

    equal: tuple[str, ...]
    along: tuple[str, ...]


def wanted_indexes(app: TypedApp) -> dict[str, tuple[Index, ...]]:
    """The indexes of each entity, sorted by their columns."""
    searches: dict[str, set[_Search]] = {name: set() for name in app.entities}
    for name, search in _searches(app):
        searches[name].add(search)
    return {name: _indexes(entity, searches[name]) for name, entity in app.entities.items()}


def _searches(app: TypedApp) -> Iterator[tuple[str, _Search]]:
    for tool in app.tools.values():
        for node in _walk(tool.flow):
            if isinstance(node, TypedRead):
                yield node.entity.name, _search(node.where, tuple(name for name, _ in node.order))
            elif isinstance(node, TypedUpdate | TypedTransition | TypedArchive):
                yield node.entity.name, _search(node.where, ())
    for entity in app.entities.values():
        for invariant in entity.invariants:
            if invariant.aggregate is not None:
                yield invariant.aggregate.entity, _search(invariant.aggregate.where, ())
                yield entity.name, _Search(tuple(sorted(tied_fields(invariant.aggregate.where))), ())


def tied_fields(where: tuple[Condition, ...]) -> dict[str, Condition]:
    """The fields of `this` that conditions of the form `field: this.other` tie to a field of the counted rows."""
    tied: dict[str, Condition] = {}
    for condition in where:
        value = condition.value
        if condition.operator != "equals" or condition.when is not None or value is None:
            continue
        path = value.source.strip().split(".")
        if value.references == (tuple(path),) and len(path) == 2 and path[0] == "this":
            tied.setdefault(path[1], condition)
    return tied


def _walk(nodes: tuple[TypedNode, ...]) -> Iterator[TypedNode]:
    for node in nodes:
        yield node
        if isinstance(node, TypedTransaction):
            yield from _walk(node.nodes)
        elif isinstance(node, TypedChoice):
            for case in node.cases:
                yield from _walk(case.nodes)


def _search(where: tuple[Condition, ...], order: tuple[str, ...]) -> _Search:
    always = [condition for condition in where if condition.when is None] or list(where)
    equal = {condition.field.name for condition in always if condition.operator in _EQUALITIES}
    ranges = dict.fromkeys(condition.field.name for condition in always if condition.operator in _RANGES)
    along = dict.fromkeys((*list(ranges)[:1], *order))
    return _Search(tuple(sorted(equal)), tuple(name for name in along if name not in equal and name != "id"))


def _indexes(entity: Entity, searches: set[_Search]) -> tuple[Index, ...]:
    often = Counter(name for search in searches for name in search.equal)
    keys = [{"id"}, *({field.name} for field in entity.fields.values() if field.unique), *map(set, entity.unique)]
    # What names a whole key finds one row by it, and needs nothing else.
    by_key = {search for search in searches if any(key <= set(search.equal) for key in keys)}
    wanted = {_ordered(search, often) for search in searches - by_key}
    unique = {field.name for field in entity.fields.values() if field.unique}
    present = {*((name,) for name in unique), *entity.unique}
    wanted = {columns for columns in wanted if sum(_bytes(entity.fields[name]) for name in columns) <= _LONGEST_ENTRY}
    names = {columns for columns in wanted if columns and not _covered(columns, (wanted | present) - {columns})}
    found = {Index(_columns(entity, columns)) for columns in names - present}
    if entity.owner is not None:
        found.discard(Index(_columns(entity, (entity.owner,))))
        found.add(Index(_columns(entity, (entity.owner,)), whole=True))
    return tuple(sorted(found, key=lambda index: (index.columns, index.whole)))


def _bytes(field: EntityField) -> float:
    """How much of an index' entry, which has at most 2704 bytes, a value of the field may need: what needs more would
    make writing its row fail, and is searched without an index.
    """
    if isinstance(field.type, ListOf):
        return inf
    if isinstance(field.type, Text):
        return inf if field.max_length is None else field.max_length * 4
    return _LONGEST_SCALAR


def _ordered(search: _Search, often: Counter[str]) -> tuple[str, ...]:
    """The most used field first, so that one index can serve several searches."""
    return (*sorted(search.equal, key=lambda name: (-often[name], name)), *search.along)


def _covered(columns: tuple[str, ...], others: set[tuple[str, ...]]) -> bool:
    return any(other[: len(columns)] == columns for other in others)


def _columns(entity: Entity, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(column.name for name in names for column in columns_of(entity.fields[name]))
