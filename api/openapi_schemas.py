"""JSON Schemas of tools as OpenAPI components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_BY_NAME = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
_VALUES = frozenset({"enum", "const", "default", "examples", "required", "type"})


def component_schema(schema: Any, place: str = "#") -> Any:
    """`schema` with our own keyword `personal` as `x-personal` and its references to itself leading below `place`."""
    if isinstance(schema, list):
        return [component_schema(each, place) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {_keyword(word): _content(word, inner, place) for word, inner in schema.items() if word != "$schema"}


def ref(name: str) -> dict[str, str]:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def without(schema: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """An object's schema that knows nothing of the properties `names`."""
    left_out = frozenset(names)
    properties = {name: inner for name, inner in schema.get("properties", {}).items() if name not in left_out}
    required = [name for name in schema.get("required", ()) if name not in left_out]
    return {**schema, "properties": properties, "required": required} if left_out else dict(schema)


def _keyword(word: str) -> str:
    return "x-personal" if word == "personal" else word


def _content(word: str, inner: Any, place: str) -> Any:
    if word == "$ref" and isinstance(inner, str) and inner.startswith("#"):
        return place + inner[1:]
    if word in _BY_NAME and isinstance(inner, Mapping):
        return {name: component_schema(each, place) for name, each in inner.items()}
    return inner if word in _VALUES else component_schema(inner, place)
