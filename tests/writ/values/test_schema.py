from __future__ import annotations

from typing import Any

import pytest

from writ.values import (
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
    from_json_schema,
)


@pytest.mark.parametrize(
    ("schema", "type"),
    [
        ({"type": "string"}, Text()),
        ({"type": "string", "format": "uuid"}, Uuid()),
        ({"type": "string", "format": "date-time"}, Timestamp()),
        ({"type": "string", "format": "date"}, Date()),
        ({"type": "string", "format": "email"}, Text()),
        ({"type": "integer"}, Integer()),
        ({"type": "number"}, Number()),
        ({"type": "boolean"}, Boolean()),
        ({"type": "null"}, Nothing()),
        ({"type": ["string"]}, Text()),
        ({"type": ["string", "null"]}, Anything()),
        ({"type": "object"}, Anything()),
        ({"oneOf": [{"type": "string"}]}, Anything()),
        ({}, Anything()),
        ({"enum": ["a", "b", "a"]}, Enumeration(values=("a", "b"), of="values of input")),
        ({"const": "a"}, Enumeration(values=("a",), of="values of input")),
        ({"type": "integer", "enum": [1, 2]}, Integer()),
        ({"enum": ["a", 1]}, Anything()),
        ({"type": "array", "items": {"type": "integer"}}, ListOf(element=Integer())),
        ({"type": "array"}, ListOf(element=Anything())),
    ],
)
def test_a_schema_becomes_the_type_of_its_values(schema: dict[str, Any], type: ValueType) -> None:
    assert from_json_schema(schema, "input") == type


def test_fields_that_are_not_required_are_optional() -> None:
    schema = {
        "type": "object",
        "required": ["slot"],
        "properties": {"slot": {"type": "string", "format": "uuid"}, "reason": {"type": "string"}, "any": True},
    }
    assert from_json_schema(schema, "input") == Record(
        name="input",
        fields=(
            FieldType(name="slot", type=Uuid()),
            FieldType(name="reason", type=Text(), optional=True),
            FieldType(name="any", type=Anything(), optional=True),
        ),
    )
