"""Examples for the documentation: the author's own, else a small value that fits the schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from writ.values.wire import Json

_TEXTS: Mapping[str, str] = {
    "uuid": "0192f0c1-2d3e-7abc-8def-0123456789ab",
    "date-time": "2030-01-15T09:30:00Z",
    "date": "2030-01-15",
    "time": "09:30:00Z",
    "duration": "3600s",
    "email": "someone@example.org",
    "idn-email": "someone@example.org",
    "uri": "https://example.org/",
    "iri": "https://example.org/",
    "hostname": "example.org",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}
_DEEPEST = 12


def example(schema: object, *, depth: int = 0) -> Json:
    """A value for `schema`: its `examples`, `const`, `default` or first `enum`, else one made from its type."""
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return None
    given = _given(schema)
    if given:
        return given[0]
    for union in ("anyOf", "oneOf", "allOf"):
        if schema.get(union):
            return example(schema[union][0], depth=depth + 1)
    return _made(schema, depth)


def _given(schema: Mapping[str, Any]) -> list[Json]:
    if schema.get("examples"):
        return list(schema["examples"])[:1]
    for word in ("const", "default"):
        if word in schema:
            return [schema[word]]
    return list(schema.get("enum", ()))[:1]


def _made(schema: Mapping[str, Any], depth: int) -> Json:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), "null")
    if kind == "object":
        return _object(schema, depth)
    if kind == "array":
        return [example(schema.get("items", {}), depth=depth + 1)] * max(1, int(schema.get("minItems", 1)))
    if kind in ("integer", "number"):
        return _number(schema, kind)
    return {"boolean": True, "null": None}.get(kind, _text(schema))


def _object(schema: Mapping[str, Any], depth: int) -> dict[str, Json]:
    return {name: example(inner, depth=depth + 1) for name, inner in schema.get("properties", {}).items()}


def _number(schema: Mapping[str, Any], kind: str) -> float:
    step = schema.get("multipleOf", 1)
    if "minimum" in schema:
        low = schema["minimum"]
    elif "exclusiveMinimum" in schema:
        low = schema["exclusiveMinimum"] + step
    else:
        low = min(1, schema.get("maximum", schema.get("exclusiveMaximum", 2) - step))
    return int(-(-low // step) * step) if kind == "integer" else float(-(-low // step) * step)


def _text(schema: Mapping[str, Any]) -> str:
    text = _TEXTS.get(str(schema.get("format", "")), "text")
    text = text.ljust(int(schema.get("minLength", 0)), "x")
    return text[: int(schema["maxLength"])] if "maxLength" in schema else text
