"""JSON Schema to value types: what the value language knows about an input or an answer.

Only types are taken over; bounds and patterns are for the validator at the door. Where a schema says more than our
types can (unions, nullable values, objects without `properties`), the value is untyped rather than wrongly typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from writ.values.types import (
    Anything,
    Boolean,
    Date,
    Enumeration,
    FieldType,
    Integer,
    ListOf,
    Nothing,
    Number,
    Record,
    Text,
    Timestamp,
    Uuid,
    ValueType,
)

_SCALARS: Mapping[str, ValueType] = {
    "integer": Integer(),
    "number": Number(),
    "boolean": Boolean(),
    "null": Nothing(),
}
# `duration` is left out on purpose: JSON Schema means ISO 8601 (`PT1H`) by it, which is not our wire form.
_FORMATS: Mapping[str, ValueType] = {"uuid": Uuid(), "date-time": Timestamp(), "date": Date()}
_UNIONS = ("anyOf", "oneOf", "allOf", "not", "$ref", "if")


def from_json_schema(schema: Mapping[str, Any], name: str) -> ValueType:
    """The type of values that `schema` describes; `name` is what an author calls the value (`input`).

    Fields that are not `required` become optional. Never fails: what cannot be expressed becomes `Anything`.
    """
    if any(word in schema for word in _UNIONS):
        return Anything()
    if "enum" in schema or "const" in schema:
        return _enumeration(schema, name)
    kind = _kind(schema)
    if kind == "object":
        return _record(schema, name)
    if kind == "array":
        return _list(schema, name)
    if kind == "string":
        return _FORMATS.get(str(schema.get("format", "")), Text())
    return _SCALARS.get(kind, Anything())


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list) and len(kind) == 1:
        kind = kind[0]
    return kind if isinstance(kind, str) else ""


def _enumeration(schema: Mapping[str, Any], name: str) -> ValueType:
    values = [schema["const"]] if "const" in schema else schema["enum"]
    if isinstance(values, list) and values and all(isinstance(value, str) for value in values):
        return Enumeration(values=tuple(dict.fromkeys(values)), of=f"values of {name}")
    return _SCALARS.get(_kind(schema), Anything())


def _record(schema: Mapping[str, Any], name: str) -> ValueType:
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return Anything()
    required = set(schema.get("required", ()))
    fields = (
        FieldType(name=key, type=_nested(value, f"{name}.{key}"), optional=key not in required)
        for key, value in properties.items()
    )
    return Record(name=name, fields=tuple(fields))


def _list(schema: Mapping[str, Any], name: str) -> ValueType:
    items = schema.get("items")
    if "prefixItems" in schema or not isinstance(items, Mapping):
        return ListOf(element=Anything())
    return ListOf(element=_nested(items, f"{name}[]"))


def _nested(schema: object, name: str) -> ValueType:
    return from_json_schema(schema, name) if isinstance(schema, Mapping) else Anything()
