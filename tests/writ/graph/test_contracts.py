from __future__ import annotations

from typing import Any

import pytest

from writ.graph.contracts import Part, open_parts

TEXT = {"type": "string", "maxLength": 10}
CLOSED: dict[str, Any] = {"type": "object", "additionalProperties": False}


def gaps(schema: dict[str, Any]) -> list[tuple[str, str]]:
    return [(part.name, gap) for part, gap in open_parts(schema, Part("input", "input"))]


BOUNDED: list[dict[str, Any]] = [
    CLOSED,
    {**CLOSED, "properties": {"a": TEXT, "b": {"type": "integer"}, "c": {"type": "boolean"}}},
    {"type": "object", "maxProperties": 3, "additionalProperties": TEXT},
    {"enum": ["a", "b"]},
    {"const": 1},
    {"type": "string", "format": "uuid"},
    {"type": "string", "pattern": "^[a-z]{1,8}$"},
    {"type": "string", "pattern": r"^\+[0-9]{3}[*+]?$"},
    {"type": "array", "maxItems": 3, "items": TEXT},
    {"type": "array", "prefixItems": [TEXT], "items": False},
    {"type": ["string", "null"], "maxLength": 3},
    {"maxLength": 3},
    {"anyOf": [TEXT, {"type": "integer"}]},
    {**CLOSED, "properties": {"a": TEXT}, "allOf": [{"required": ["a"]}]},
]

OPEN: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"type": "object"}, [("input", "names")]),
    ({"type": "object", "additionalProperties": True}, [("input", "names")]),
    ({"type": "object", "additionalProperties": TEXT}, [("input", "names")]),
    ({"properties": {"a": TEXT}}, [("input", "names")]),
    ({**CLOSED, "properties": {"a": {"type": "string"}}}, [("input.a", "length")]),
    ({**CLOSED, "properties": {"a": {}}}, [("input.a", "type")]),
    ({**CLOSED, "properties": {"a": True}}, [("input.a", "type")]),
    ({"type": "string", "pattern": "^a+$"}, [("input", "length")]),
    ({"type": "string", "pattern": "^a{2,}$"}, [("input", "length")]),
    ({"type": "string", "pattern": "a{2}"}, [("input", "length")]),
    ({"type": "string", "pattern": "^a|b$"}, [("input", "length")]),
    ({"type": "array", "items": TEXT}, [("input", "count")]),
    ({"type": "array", "maxItems": 2, "items": {"type": "string"}}, [("input[]", "length")]),
    ({"type": "array", "maxItems": 2}, [("input[]", "type")]),
    ({"anyOf": [TEXT, {"type": "string"}]}, [("input", "length")]),
    (
        {**CLOSED, "properties": {"a": {"type": "array", "items": {"type": "object", "properties": {"b": TEXT}}}}},
        [("input.a", "count"), ("input.a[]", "names")],
    ),
]


@pytest.mark.parametrize("schema", BOUNDED)
def test_what_is_bounded_has_no_gap(schema: dict[str, Any]) -> None:
    assert gaps(schema) == []


@pytest.mark.parametrize(("schema", "expected"), OPEN)
def test_a_gap_is_told_where_it_is(schema: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert gaps(schema) == expected
