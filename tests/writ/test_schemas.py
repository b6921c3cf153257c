from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from writ.schemas import MORE, MOST_VIOLATIONS, Schema

PERSON: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "born"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[a-z]*$"},
        "born": {"type": "string", "format": "date"},
        "seen": {"type": "string", "format": "date-time"},
        "id": {"type": "string", "format": "uuid"},
        "age": {"type": "integer", "minimum": 0, "exclusiveMaximum": 150, "multipleOf": 2},
        "weight": {"type": ["number", "null"]},
        "colour": {"enum": ["red", "green"]},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2, "uniqueItems": True},
    },
}
GOOD = {"name": "ann", "born": "1990-02-28"}


def test_a_value_that_fits_has_no_violations() -> None:
    assert Schema(PERSON).violations(GOOD) == ()


@pytest.mark.parametrize(
    ("change", "violation"),
    [
        ({"name": ""}, ("/name", "is shorter than 1 character")),
        ({"name": "annabel"}, ("/name", "is longer than 5 characters")),
        ({"name": "ANN"}, ("/name", "does not match `^[a-z]*$`")),
        ({"name": 1}, ("/name", "is not a text")),
        ({"born": "1990-02-30"}, ("/born", "is not a valid date")),
        ({"seen": "1990-02-28T10:00:00"}, ("/seen", "is not a valid date-time")),
        ({"id": "1"}, ("/id", "is not a valid uuid")),
        ({"age": -2}, ("/age", "is less than 0")),
        ({"age": 150}, ("/age", "is not less than 150")),
        ({"age": 3}, ("/age", "is not a multiple of 2")),
        ({"weight": "x"}, ("/weight", "is not a number or null")),
        ({"colour": "blue"}, ("/colour", "is not one of `red`, `green`")),
        ({"tags": []}, ("/tags", "has fewer than 1 element")),
        ({"tags": ["a", "a"]}, ("/tags", "has the same element twice")),
        ({"tags": ["a", 1]}, ("/tags/1", "is not a text")),
        ({"nmae": "x"}, ("/nmae", "is not a known field, did you mean `name`?")),
    ],
)
def test_a_violation_says_where_and_what(change: dict[str, Any], violation: tuple[str, str]) -> None:
    assert Schema(PERSON).violations({**GOOD, **change}) == (violation,)


def test_every_missing_field_is_named() -> None:
    assert Schema(PERSON).violations({}) == (("/born", "is missing"), ("/name", "is missing"))


def test_a_pointer_is_escaped() -> None:
    schema = Schema({"additionalProperties": {"type": "string"}})
    assert schema.violations({"a/b~c": 1}) == (("/a~1b~0c", "is not a text"),)


def test_what_is_no_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Schema({"type": "nonsense"})


UNFORMATTED = {
    **PERSON,
    "properties": {
        name: {**it, "format": "none"} if "format" in it else it for name, it in PERSON["properties"].items()
    },
}

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 160)
    | st.floats(-1, 3)
    | st.sampled_from(["", "ann", "ANN", "annabel", "red", "1990-02-28", "2020-01-01T00:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*PERSON["properties"], "other"]), inner)
    ),
    max_leaves=8,
)


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_what_is_not_allowed_has_a_reason(value: Any) -> None:
    schema = Schema(PERSON)
    assert schema.allows(value) == (schema.violations(value) == ())


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_another_implementation_of_the_standard_decides_alike(value: Any) -> None:
    assert Schema(UNFORMATTED).allows(value) == Draft202012Validator(UNFORMATTED).is_valid(value)


@pytest.mark.parametrize("name", ["date", "date-time", "uuid", "duration"])
@given(text=st.text(max_size=12) | st.from_regex(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", fullmatch=True))
@settings(max_examples=60, deadline=None)
def test_formats_are_asserted_and_explained(name: str, text: str) -> None:
    schema = Schema({"format": name})
    assert schema.violations(text) == (() if schema.allows(text) else (("", f"is not a valid {name}"),))


@pytest.mark.parametrize(
    ("schema", "value", "violation"),
    [
        (
            {"properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"maximum": 3}}},
            {"a": 4},
            ("/a", "is greater than 3"),
        ),
        ({"const": "x"}, "y", ("", "is not `x`")),
        ({"propertyNames": {"pattern": "^a"}}, {"b": 1}, ("", "has a field whose name is not allowed")),
        (
            {"unevaluatedProperties": False, "properties": {"a": {}}},
            {"b": 1},
            ("/b", "is not a known field, known here: `a`"),
        ),
        (
            {"patternProperties": {"^x": {}}, "additionalProperties": False},
            {"x": 1, "y": 1},
            ("/y", "is not a known field"),
        ),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, ("/b", "is missing")),
        ({"anyOf": [{"type": "string"}, {"minimum": 5}]}, 1, ("", "does not fit the schema")),
        ({"not": {}}, 1, ("", "does not fit the schema")),
        ({"prefixItems": [{}], "items": False}, [1, 2], ("/1", "is not allowed here")),
        ({"additionalProperties": False}, {"a": 1}, ("/a", "is not a known field")),
    ],
)
def test_every_keyword_has_its_place_and_its_words(schema: Any, value: Any, violation: tuple[str, str]) -> None:
    assert Schema(schema).violations(value) == (violation,)


def test_of_many_mistakes_some_are_named() -> None:
    found = Schema(PERSON).violations({**GOOD, **{f"k{number}": 1 for number in range(500)}})
    assert len(found) == MOST_VIOLATIONS + 1
    assert found[-1] == MORE
    assert found[0][0] == "/k0"


def test_in_a_vast_value_one_mistake_is_named() -> None:
    schema = Schema({"items": {"type": "integer"}})
    assert schema.violations(["x"] * 100_000) == (("/0", "is not an integer"), MORE)


def test_a_key_that_is_too_long_is_not_repeated() -> None:
    schema = Schema({"properties": {"a": {"additionalProperties": False}}})
    place, words = schema.violations({"a": {"k" * 100_000: 1}})[0]
    assert (place, words) == ("/a", "has something with a very long name that is not a known field")


def test_a_hostile_text_keeps_no_pattern_busy() -> None:
    """In a process of its own: a search that tries everything would not end within anybody's patience."""
    lines = (
        "from writ.schemas import Schema",
        "hostile = {'pattern': '^([a-z0-9]+[._-]?)+@[a-z]+$'}",
        "schema = Schema({'properties': {'a': hostile}, 'patternProperties': {hostile['pattern']: False},",
        "                 'propertyNames': hostile, 'additionalProperties': hostile})",
        "print(schema.violations({'a': 'a' * 60, 'b' * 60: 'c' * 60}) != ())",
    )
    checkout = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=checkout, capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout.strip() == "True"


def test_the_drafts_are_the_same() -> None:
    assert jsonschema_rs.validator_for(PERSON).is_valid(GOOD)
    assert Draft202012Validator(PERSON).is_valid(GOOD)
