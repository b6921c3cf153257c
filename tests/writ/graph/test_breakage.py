from __future__ import annotations

from typing import Any

import pytest

from writ.graph.breakage import broken_input, broken_output
from writ.graph.contracts import Part

Schema = dict[str, Any]


def an_object(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


TEXT: Schema = {"type": "string", "maxLength": 10}
A = an_object(["a"], a=TEXT)

INPUTS: list[tuple[Schema, Schema, list[str]]] = [
    (A, A, []),
    (A, an_object(["a"], a=TEXT, b=TEXT), []),
    (A, an_object([], a=TEXT), []),
    (A, an_object(["a"], a={"type": "string", "maxLength": 20}), []),
    (A, an_object(["a"], a={"type": "string"}), []),
    (A, an_object(["a", "b"], a=TEXT, b=TEXT), ["input.b"]),
    (an_object([], a=TEXT), A, ["input.a"]),
    (A, an_object([]), ["input.a"]),
    (A, {"type": "object", "properties": {}}, []),
    (A, an_object(["a"], a={"type": "integer"}), ["input.a"]),
    (an_object([], a={"type": "number"}), an_object([], a={"type": "integer"}), ["input.a"]),
    (an_object([], a={"type": "integer"}), an_object([], a={"type": "number"}), []),
    (an_object([], a={"type": "integer"}), an_object([], a={"type": ["integer", "null"]}), []),
    (an_object([], a={"type": ["integer", "null"]}), an_object([], a={"type": "integer"}), ["input.a"]),
    (A, an_object(["a"], a={"type": "string", "maxLength": 9}), ["input.a"]),
    (A, an_object(["a"], a={"type": "string", "maxLength": 10, "minLength": 1}), ["input.a"]),
    (A, an_object(["a"], a={"type": "string", "maxLength": 10, "minLength": 0}), []),
    (A, an_object(["a"], a={"type": "string", "maxLength": 10, "pattern": "^x$"}), ["input.a"]),
    (an_object([], a={"enum": ["x", "y"]}), an_object([], a={"enum": ["x"]}), ["input.a"]),
    (an_object([], a={"enum": ["x"]}), an_object([], a={"enum": ["x", "y"]}), []),
    (an_object([], a={"const": "x"}), an_object([], a={"enum": ["x", "y"]}), []),
    (A, an_object(["a"], a={"type": "string", "maxLength": 10, "enum": ["x"]}), ["input.a"]),
    (
        an_object([], a={"type": "array", "items": A}),
        an_object([], a={"type": "array", "items": an_object(["a", "b"], a=TEXT, b=TEXT)}),
        ["input.a[].b"],
    ),
]

OUTPUTS: list[tuple[Schema, Schema, list[str]]] = [
    (A, A, []),
    (A, an_object(["a", "b"], a=TEXT, b=TEXT), []),
    (A, an_object(["a"], a={"type": "string", "maxLength": 5}), []),
    (A, an_object([]), ["output.a"]),
    (A, an_object([], a=TEXT), ["output.a"]),
    (an_object([], a=TEXT), A, []),
    (A, an_object(["a"], a={"type": "integer"}), ["output.a"]),
    (A, an_object(["a"], a={"type": ["string", "null"]}), ["output.a"]),
    (A, an_object(["a"], a={}), ["output.a"]),
    (
        an_object([], a={"type": "array", "items": A}),
        an_object([], a={"type": "array", "items": an_object([])}),
        ["output.a[].a"],
    ),
]


@pytest.mark.parametrize(("old", "new", "names"), INPUTS)
def test_an_input_breaks_where_what_was_taken_no_longer_is(old: Schema, new: Schema, names: list[str]) -> None:
    assert [one.name for one in broken_input(old, new, Part("input", "input"))] == names


@pytest.mark.parametrize(("old", "new", "names"), OUTPUTS)
def test_an_output_breaks_where_what_was_answered_no_longer_is(old: Schema, new: Schema, names: list[str]) -> None:
    assert [one.name for one in broken_output(old, new, Part("output", "output"))] == names
