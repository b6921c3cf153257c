"""Contracts, such as a tool's `input` and `output`: JSON Schemas (2020-12) that say everything themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import jsonschema_rs

from writ.problems import Problem, did_you_mean
from writ.spec.complaints import quoted
from writ.spec.contract_numbers import number_problems
from writ.spec.contract_values import value_problems
from writ.spec.marked import Marked
from writ.values import RESERVED, Unknown, ValueType, from_json_schema

KEYWORDS = frozenset(
    [
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "prefixItems",
        "minItems",
        "maxItems",
        "uniqueItems",
        "contains",
        "enum",
        "const",
        "format",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minProperties",
        "maxProperties",
        "propertyNames",
        "patternProperties",
        "dependentRequired",
        "dependentSchemas",
        "anyOf",
        "oneOf",
        "allOf",
        "not",
        "if",
        "then",
        "else",
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "personal",
        "$comment",
        "$schema",
    ]
)
"""What may stand in a schema: JSON Schema's keywords less references, and `personal`, which masks a value in the
audit record."""

FORMATS = ("date-time", "date", "uuid", "duration", "email", "hostname", "ipv4", "ipv6", "uri")
"""The formats that are asserted, and not only noted."""

_LITERAL = frozenset({"enum", "const", "default", "examples"})
_REFERENCES = frozenset({"$ref", "$dynamicRef", "$defs", "$id", "$anchor"})
_NAMED = frozenset({"properties", "patternProperties", "dependentSchemas"})
_WITH_SCHEMAS = _NAMED | {
    "items", "prefixItems", "contains", "additionalProperties", "propertyNames", "anyOf", "oneOf", "allOf", "not", "if",
    "then", "else",
}  # fmt: skip
_TYPES = ("string", "integer", "number", "boolean", "object", "array", "null")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Contract(NamedTuple):
    """A schema as plain JSON and as a type, which is unknown where the schema is wrong, so that checking can go on.
    What is no schema at all is an empty one.
    """

    schema: dict[str, Any]
    type: ValueType


def check_contract(marked: Marked, name: str, problems: list[Problem], *, must_be_object: bool = True) -> Contract:
    """The contract called `name`, with every reason why it is wrong added to `problems`."""
    plain = marked.plain()
    if not isinstance(plain, dict):
        message = f"`{name}` is a JSON Schema, which is a mapping"
        problems.append(Problem("wrong-type", marked.span, message, "write `type: object` and its `properties`"))
        return Contract({}, Unknown())
    found = [*_keyword_problems(marked), *number_problems(marked)] or list(_schema_problems(marked, plain))
    if found:
        plain = {}
    else:
        found = [*_object_problems(marked, plain, name)] if must_be_object else []
        found += [*_name_problems(marked), *_value_problems(marked)]
    problems.extend(found)
    return Contract(plain, Unknown() if found else from_json_schema(plain, name))


def _schema_problems(marked: Marked, plain: dict[str, Any]) -> Iterator[Problem]:
    """One library says quickly whether something is wrong, the other what it is."""
    if jsonschema_rs.meta.is_valid(plain):
        return
    from jsonschema import Draft202012Validator  # only where there is something to explain

    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(plain):
        place = _at(marked, list(error.absolute_path))
        help = did_you_mean(str(error.instance), _TYPES) if error.validator == "anyOf" else ""
        yield Problem("json-schema", place.head, f"this is not a JSON Schema: {_reason(error)}", help)


def _object_problems(marked: Marked, plain: dict[str, Any], name: str) -> Iterator[Problem]:
    if plain.get("type") != "object":
        help = "write `type: object` and its `properties`"
        yield Problem("json-schema", marked.head, f"`{name}` must be an object", help)


def _reason(error: Any) -> str:
    value = quoted(error.instance) if not isinstance(error.instance, dict | list) else "this value"
    return {
        "type": f"{value} is not of a type that may stand here",
        "enum": f"{value} is not a word that may stand here",
        "anyOf": f"{value} is not what may stand here",
        "minimum": f"{value} is below {error.validator_value}",
        "pattern": f"{value} does not have the form that it must have",
        "exclusiveMinimum": f"{value} is not above {error.validator_value}",
        "uniqueItems": "a value is listed twice",
        "minItems": "an empty list cannot stand here",
        "format": f"{value} is not a valid {error.validator_value}",
    }.get(str(error.validator), f"{value} breaks the rule `{error.validator}`")


def _at(marked: Marked, path: list[Any]) -> Marked:
    for part in path:
        value = marked.value
        if (isinstance(value, dict) and part in value) or (
            isinstance(value, list) and isinstance(part, int) and part < len(value)
        ):
            marked = value[part]
    return marked


def _keyword_problems(marked: Marked) -> Iterator[Problem]:
    if not isinstance(marked.value, dict):
        return
    for key, value in marked.value.items():
        if key in _REFERENCES:
            help = "write the schema out where it is used"
            yield Problem("json-schema", marked.key_spans[key], f"`{key}` cannot be used here", help)
        elif key not in KEYWORDS:
            message = f"`{key}` is not a keyword of JSON Schema"
            yield Problem("unknown-key", marked.key_spans[key], message, did_you_mean(key, KEYWORDS))
        elif key == "format" and isinstance(value.value, str) and value.value not in FORMATS:
            message = f"`{value.value}` is not a format that is checked"
            yield Problem("unknown-format", value.span, message, did_you_mean(value.value, FORMATS))
        elif key == "personal" and not isinstance(value.value, bool):
            yield Problem("wrong-type", value.span, "expected `true` or `false`")
        elif key == "$schema" and str(value.value).rstrip("#") != _DIALECT:
            message = "this names another dialect of JSON Schema"
            yield Problem("json-schema", value.span, message, f"leave it out, or write `{_DIALECT}`")
        else:
            for inner in _subschemas(key, value):
                yield from _keyword_problems(inner)


def _subschemas(key: str, value: Marked) -> list[Marked]:
    if key in _LITERAL:
        return []
    if key in _NAMED and isinstance(value.value, dict):
        return list(value.value.values())
    return value.value if isinstance(value.value, list) else [value]


def _name_problems(marked: Marked) -> Iterator[Problem]:
    """Names of properties that expressions could never say."""
    properties = marked.value.get("properties") if isinstance(marked.value, dict) else None
    if properties is None or not isinstance(properties.value, dict):
        return
    for name, inner in properties.value.items():
        if name in RESERVED or not name.isidentifier() or not name.isascii():
            message = f"`{name}` cannot be named in an expression"
            yield Problem("reserved-name", properties.key_spans[name], message, "use letters, digits and `_`")
        yield from _name_problems(inner)
        items = inner.value.get("items") if isinstance(inner.value, dict) else None
        if items is not None:
            yield from _name_problems(items)


def _value_problems(marked: Marked) -> Iterator[Problem]:
    yield from value_problems(marked)
    if isinstance(marked.value, dict):
        for key, value in marked.value.items():
            for inner in _subschemas(key, value) if key in _WITH_SCHEMAS else ():
                yield from _value_problems(inner)
