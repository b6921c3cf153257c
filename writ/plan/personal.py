"""Personal values in a tool's input: what its schema says is personal, and what reaches a personal field.

What reaches one is followed through names (`transform`), through the items of a set-based create and through rows:
what the flow has written to a field of an entity, or searched it by, may be what any row of it holds there. Where an
expression mixes several values, all of them count: masking one value too many is cheap, one too few is not.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from writ.nodes.typed import (
    TypedArchive,
    TypedChoice,
    TypedCreate,
    TypedNode,
    TypedRead,
    TypedTool,
    TypedTransaction,
    TypedTransform,
    TypedTransition,
    TypedUpdate,
)
from writ.plan.references import Path, expressions
from writ.spec.resolved import Entity, TypedExpression, TypedTemplate

_EVERY = ("*",)
_NESTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = ("if", "then", "else", "not", "items", "contains", "additionalProperties")
_NAMED = ("patternProperties", "dependentSchemas")

_Paths = frozenset[Path]
_Search = TypedRead | TypedUpdate | TypedTransition | TypedArchive
_Rows = TypedRead | TypedCreate | TypedUpdate | TypedTransition | TypedArchive


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the value of a name comes from: `paths` of the input (without the word `input`), or rows of an entity.

    `exact`: it is the very value that stands at each path, so that what is below it in the one is so in the other.
    """

    paths: _Paths = frozenset()
    exact: bool = False
    rows: Entity | None = None


def masked(tool: TypedTool) -> tuple[str, ...]:
    """JSON pointers into the input whose values are personal, sorted; `*` stands for every element of a list."""
    flow = _Flow()
    flow.follow(tool.flow)
    return tuple(sorted(_pointer(path) for path in {*_declared(tool.input_schema, ()), *flow.personal}))


def _pointer(path: Path) -> str:
    return "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path)


def _declared(schema: Any, path: Path) -> Iterator[Path]:
    if not isinstance(schema, dict):
        return
    if schema.get("personal") is True:
        yield path
    for name, inner in (schema.get("properties") or {}).items():
        yield from _declared(inner, (*path, name))
    for keyword in _SINGLE:
        yield from _declared(schema.get(keyword), path + _EVERY if keyword in ("items", "contains") else path)
    for keyword in _NESTED:
        for inner in schema.get(keyword) or ():
            yield from _declared(inner, path + _EVERY if keyword == "prefixItems" else path)
    for keyword in _NAMED:
        for inner in (schema.get(keyword) or {}).values():
            yield from _declared(inner, path)


class _Flow:
    """Follows the values of the input through the nodes of a flow, in their order, to the personal fields."""

    def __init__(self) -> None:
        self.personal: set[Path] = set()
        self._names: dict[str, _Source] = {"input": _Source(frozenset({()}), exact=True)}
        self._fields: dict[tuple[str, str], _Paths] = {}

    def follow(self, nodes: Sequence[TypedNode]) -> None:
        """Note what of the input reaches a personal field in these nodes."""
        for node in nodes:
            if isinstance(node, TypedTransaction):
                self.follow(node.nodes)
            elif isinstance(node, TypedChoice):
                for case in node.cases:
                    self.follow(case.nodes)
            elif isinstance(node, TypedTransform):
                self._names[node.name] = self._of_template(node.value, self._names)
            elif isinstance(node, _Rows):
                self._through_rows(node)

    def _through_rows(self, node: _Rows) -> None:
        names: Mapping[str, _Source] = self._names
        if isinstance(node, TypedCreate) and node.over is not None:
            names = ChainMap({node.item: self._element(self._of(node.over, names))}, self._names)
        for name, value in _known(node):
            origins = self._origins(value, names)
            key = (node.entity.name, name)
            self._fields[key] = self._fields.get(key, frozenset()) | origins
            if node.entity.fields[name].personal:
                self.personal |= origins
        self._names[node.name] = _Source(rows=node.entity)

    def _of_template(self, template: TypedTemplate, names: Mapping[str, _Source]) -> _Source:
        if isinstance(template, TypedExpression):
            return self._of(template, names)
        return _Source(_united(self._origins(expression, names) for expression in expressions(template)))

    def _of(self, expression: TypedExpression, names: Mapping[str, _Source]) -> _Source:
        """The source of a value: a plain path leads on to where it leads, anything else is computed."""
        path = tuple(expression.source.strip().split("."))
        source = names.get(path[0])
        if expression.references != (path,) or source is None:
            return _Source(self._origins(expression, names))
        if source.rows is not None and not _fields_in(source.rows, path[1:]):
            return source
        return _Source(self._below(source, path[1:]), source.exact)

    def _origins(self, expression: TypedExpression, names: Mapping[str, _Source]) -> _Paths:
        return _united(self._below(names[path[0]], path[1:]) for path in expression.references if path[0] in names)

    def _below(self, source: _Source, path: Path) -> _Paths:
        if source.rows is not None:
            fields = _fields_in(source.rows, path) or source.rows.fields
            return _united(self._fields.get((source.rows.name, name), frozenset()) for name in fields)
        # Below a computed value nobody knows where it came from.
        return frozenset((*origin, *path) for origin in source.paths) if source.exact else source.paths

    def _element(self, source: _Source) -> _Source:
        if not source.exact:
            return source
        return _Source(frozenset(path + _EVERY for path in source.paths), exact=True)


def _fields_in(entity: Entity, path: Path) -> list[str]:
    """The fields of a row that a path reads: the first name of it, or the second where the row may be missing."""
    return [name for name in path[:2] if name in entity.fields]


def _united(paths: Iterable[_Paths]) -> _Paths:
    return frozenset[Path]().union(*paths)


def _known(node: _Rows) -> Iterator[tuple[str, TypedExpression]]:
    """The fields whose values a node writes or compares, each with the expression it has them from."""
    if isinstance(node, TypedCreate | TypedUpdate | TypedTransition):
        yield from ((assignment.field.name, assignment.value) for assignment in node.set)
    if isinstance(node, _Search):
        yield from ((it.field.name, it.value) for it in node.where if it.value is not None)
