"""Which names a flow defines and which paths its expressions read: what a transaction needs and hands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from writ.nodes.typed import (
    TypedArchive,
    TypedChoice,
    TypedCreate,
    TypedNode,
    TypedRead,
    TypedRequire,
    TypedRespond,
    TypedTransaction,
    TypedTransform,
    TypedTransition,
    TypedUpdate,
)
from writ.plan.model import Export
from writ.spec.resolved import Assignment, Condition, TypedExpression, TypedTemplate
from writ.values.types import Record, ValueType

Path = tuple[str, ...]

GIVEN = frozenset({"principal", "now", "run"})
"""Names that every effect carries anyway."""


def paths(nodes: Sequence[TypedNode]) -> frozenset[Path]:
    """Every path that the expressions of these nodes read, except those of the items of a set-based create."""
    return frozenset(path for node in nodes for path in _paths(node))


def expressions(template: TypedTemplate) -> Iterator[TypedExpression]:
    """The expressions of a template."""
    if isinstance(template, TypedExpression):
        yield template
        return
    for inner in template.values() if isinstance(template, dict) else template:
        yield from expressions(inner)


def defined(nodes: Sequence[TypedNode]) -> Iterator[str]:
    """The names these nodes give to values, in order."""
    for node in nodes:
        if isinstance(node, TypedTransaction):
            yield from defined(node.nodes)
        elif isinstance(node, TypedChoice):
            for case in node.cases:
                yield from defined(case.nodes)
        elif not isinstance(node, TypedRequire):
            yield node.name


def needs(nodes: Sequence[TypedNode]) -> tuple[str, ...]:
    """The names from before that these nodes use, sorted; not those every effect carries."""
    return tuple(sorted({path[0] for path in paths(nodes)} - set(defined(nodes)) - GIVEN))


def exports(nodes: Sequence[TypedNode], later: frozenset[Path], types: Mapping[str, ValueType]) -> tuple[Export, ...]:
    """What of these nodes is read later, and only the fields that are."""
    return tuple(
        Export(name=name, fields=_fields(types.get(name), used))
        for name in dict.fromkeys(defined(nodes))
        if (used := {path for path in later if path[0] == name})
    )


def _fields(type: ValueType | None, used: set[Path]) -> tuple[str, ...] | None:
    """The names of the row's fields in `used`; None where the whole value is read."""
    depth = 2 if _is_optional_row(type) else 1
    if any(len(path) <= depth for path in used):
        return None
    return tuple(sorted({path[depth] for path in used}))


def _is_optional_row(type: ValueType | None) -> bool:
    return isinstance(type, Record) and [(field.name, field.optional) for field in type.fields] == [("row", True)]


def _paths(node: TypedNode) -> Iterator[Path]:
    if isinstance(node, TypedTransaction):
        yield from paths(node.nodes)
    elif isinstance(node, TypedChoice):
        for case in node.cases:
            yield from _of(case.when)
            yield from paths(case.nodes)
    elif isinstance(node, TypedRead | TypedUpdate | TypedTransition | TypedArchive):
        yield from _of_search(node)
    elif isinstance(node, TypedCreate):
        yield from _of_create(node)
    elif isinstance(node, TypedTransform | TypedRespond):
        for expression in expressions(node.value):
            yield from expression.references
    elif isinstance(node, TypedRequire):
        yield from node.that.references


def _of(expression: TypedExpression | None) -> Iterator[Path]:
    if expression is not None:
        yield from expression.references


def _of_search(node: TypedRead | TypedUpdate | TypedTransition | TypedArchive) -> Iterator[Path]:
    yield from _of_where(node.where)
    if isinstance(node, TypedRead):
        yield from _of(node.limit)
    elif not isinstance(node, TypedArchive):
        yield from _of_set(node.set)


def _of_where(where: Sequence[Condition]) -> Iterator[Path]:
    for condition in where:
        yield from _of(condition.value)
        yield from _of(condition.when)


def _of_set(assignments: Sequence[Assignment]) -> Iterator[Path]:
    for assignment in assignments:
        yield from assignment.value.references


def _of_create(node: TypedCreate) -> Iterator[Path]:
    yield from _of(node.over)
    for path in _of_set(node.set):
        if node.over is None or path[0] != node.item:
            yield path
