"""How many bytes a value can take as JSON at most, as far as its declared bounds say.

A character counts as one byte, a number as 20. Text of other scripts is up to four, and escaped up to six times as
long: that is why `LARGE` lies at an eighth of `TOO_LARGE`, so that what stays below the one never reaches the other.
What has no bound counts as nothing: it is a finding of its own and is not guessed here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from writ.graph.bounds import Bounds, Row, Shape, elements_at_most
from writ.graph.flow import FlowGraph
from writ.spec.resolved import Entity, EntityField
from writ.values.syntax import Path
from writ.values.types import Enumeration, ListOf, Text, ValueType

LARGE = 256 * 1024
"""Bytes from which a value is a risk."""

TOO_LARGE = 2 * 1024 * 1024
"""Bytes that no payload of a run may have: the run ends where one has more."""

_NUMBER = 20
_FORMATS: Mapping[str, int] = {"date-time": 30, "date": 12, "uuid": 38}
_MONEY = len('{"amount":,"currency":"EUR"}') + _NUMBER
_SCALARS: Mapping[str, int] = {
    "integer": _NUMBER,
    "number": _NUMBER,
    "boolean": 5,
    "timestamp": _FORMATS["date-time"],
    "date": _FORMATS["date"],
    "uuid": _FORMATS["uuid"],
    "money": _MONEY,
}
_PUNCTUATION = 4
"""The quotes, the colon and the comma of an entry."""


def of_schema(schema: Mapping[str, Any] | bool) -> int:
    """The most bytes of a value that fits the JSON Schema."""
    if isinstance(schema, bool):
        return 0
    if "const" in schema:
        return _written(schema["const"])
    if schema.get("enum"):
        return max(_written(value) for value in schema["enum"])
    alternatives = [one for key in ("anyOf", "oneOf", "allOf") for one in schema.get(key, ())]
    return max([_own(schema), *map(of_schema, alternatives)])


def of_row(entity: Entity, fields: Iterable[str] | None = None) -> int:
    """The most bytes of a row, or of some of its fields."""
    wanted = set(entity.fields if fields is None else fields)
    return 2 + sum(_entry(name, of_field(field)) for name, field in entity.fields.items() if name in wanted)


def of_field(field: EntityField) -> int:
    """The most bytes of a field's value."""
    if isinstance(field.type, ListOf):
        return 2 + (field.max_items or 0) * (_of_type(field.type.element, field.max_length) + 1)
    return _of_type(field.type, field.max_length)


def of_results(graph: FlowGraph, bounds: Bounds) -> Mapping[int, Mapping[int, int]]:
    """The most bytes that each step of a transaction hands on, by the indexes of the transaction and of the step: its
    rows, as far as anything outside of the transaction reads them.
    """
    read = _read(graph)
    found: dict[int, dict[int, int]] = {}
    for step in graph.steps:
        if step.transaction is not None and step.facts.binds in read:
            paths = {path for at, path in read[step.facts.binds] if at != step.transaction}
            found.setdefault(step.transaction, {})[step.index] = _of_result(bounds.result(step), paths)
    return found


def _of_result(found: Shape, paths: set[Path]) -> int:
    row = _row(found)
    if not paths or row is None:
        return 0
    depth = 2 if row.optional else 1
    whole = any(len(path) <= depth for path in paths)
    return _times(found) * (of_row(row.entity, None if whole else {path[depth] for path in paths}) + 1)


def _read(graph: FlowGraph) -> Mapping[str | None, set[tuple[int | None, Path]]]:
    """What is read of each name, with the transaction it is read in."""
    found: dict[str | None, set[tuple[int | None, Path]]] = {}
    for step in graph.steps:
        for use in step.facts.uses:
            for path in use.expression.references:
                found.setdefault(path[0], set()).add((step.transaction, path))
    return found


def _row(found: Shape) -> Row | None:
    inner = getattr(found, "element", found)
    return inner if isinstance(inner, Row) else None


def _times(found: Shape) -> int:
    return 1 if isinstance(found, Row) else elements_at_most(found) or 0


def _own(schema: Mapping[str, Any]) -> int:
    types = schema.get("type")
    named = types if isinstance(types, list) else [types]
    return max((_of_json_type(str(one), schema) for one in named), default=0)


def _of_json_type(type: str, schema: Mapping[str, Any]) -> int:
    match type:
        case "string":
            return 2 + int(schema.get("maxLength", _FORMATS.get(str(schema.get("format")), 2) - 2))
        case "integer" | "number":
            return _NUMBER
        case "boolean" | "null":
            return 5
        case "array":
            return 2 + _of_items(schema)
        case "object":
            properties: Mapping[str, Any] = schema.get("properties", {})
            return 2 + sum(_entry(name, of_schema(one)) for name, one in properties.items())
    return 0


def _of_items(schema: Mapping[str, Any]) -> int:
    first = [of_schema(one) + 1 for one in schema.get("prefixItems", ())]
    more = max(0, int(schema.get("maxItems", 0)) - len(first))
    return sum(first) + more * (of_schema(schema.get("items", True)) + 1)


def _of_type(type: ValueType, max_length: int | None) -> int:
    if isinstance(type, Text):
        return 2 + (max_length or 0)
    if isinstance(type, Enumeration):
        return 2 + max((len(value) for value in type.values), default=0)
    return _SCALARS.get(type.kind, 0)


def _entry(name: str, value: int) -> int:
    return len(name) + _PUNCTUATION + value


def _written(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False))
