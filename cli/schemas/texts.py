"""The schemas of what documents are made of: names, expressions, texts of a form, and the parts that nodes share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from writ.nodes.rows import MOST_ROWS
from writ.spec.authored import NAME_LENGTH_AT_MOST, EntityName, Expr, Name, PlacedText
from writ.spec.conditions import OPERATORS
from writ.spec.contracts import KEYWORDS
from writ.spec.forms import DateText, DurationText, Fingerprint, OwnRuleId, RateText, RuleId, ScheduleText
from writ.spec.raw_parts import Part

JsonSchema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NAMES = {Name: "name", EntityName: "entity_name"}
_FORMS: Mapping[type[PlacedText], tuple[str, str, str]] = {
    DurationText: ("duration", r"^(?=[0-9]*[1-9])[0-9]{1,9}(ms|s|m|h|d)$", "30s"),
    RateText: ("rate", r"^(?=[0-9]*[1-9])[0-9]{1,9}/(s|m|h)$", "10/m"),
    ScheduleText: ("schedule", r"^\S+( \S+){4}$", "0 3 * * *"),
    DateText: ("date", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2027-01-31"),
    OwnRuleId: ("own_rule_id", r"^ORG[0-9]{3}$", "ORG001"),
    RuleId: ("rule_id", r"^[A-Z]{3}[0-9]{3}$", "PAY006"),
    Fingerprint: ("fingerprint", r"^[0-9a-f]{16}$", "4f1c0a92b3d45e67"),
}


def reference(name: str) -> JsonSchema:
    """What refers to a definition."""
    return {"$ref": f"#/$defs/{name}"}


def text_definition(text: type[PlacedText | Expr]) -> str:
    """The name of the definition of a text of that class. KeyError for a class that has none."""
    if issubclass(text, Expr):
        return "expression"
    return _NAMES[text] if text in _NAMES else _FORMS[text][0]


def part_definition(part: Part) -> str:
    """The name of the definition of a part that is taken as it stands."""
    return "expression" if part is Part.expression else part.value


def text_definitions() -> dict[str, JsonSchema]:
    """The definitions of all texts, by their names."""
    return {
        **{name: _name(text) for text, name in _NAMES.items()},
        **{name: _formed(text, pattern, example) for text, (name, pattern, example) in _FORMS.items()},
        "expression": {
            "description": "An expression in CEL (https://cel.dev). A text in it has quotes of its own: \"'free'\".",
            "type": ["string", "number", "boolean"],
            "pattern": r"\S",
            "examples": ["input.slot", "slot.state == 'free'", "now + duration('24h')", 5, True],
        },
    }


def _name(text: type[PlacedText]) -> JsonSchema:
    return {
        "description": f"{_sentence(text.rule)[:-1]}, at most {NAME_LENGTH_AT_MOST} characters.",
        "type": "string",
        "pattern": f"^{text.form.pattern}$",
        "maxLength": NAME_LENGTH_AT_MOST,
    }


def _formed(text: type[PlacedText], pattern: str, example: str) -> JsonSchema:
    schema: JsonSchema = {"description": _sentence(text.rule), "type": "string", "pattern": pattern}
    if text is Fingerprint:
        # 16 digits without quotes are a number to YAML, and the reader takes them as they are written.
        schema["type"] = ["string", "number"]
    return schema | {"examples": [example]}


def _sentence(rule: str) -> str:
    return f"{rule[:1].upper()}{rule[1:]}."


def part_definitions() -> dict[str, JsonSchema]:
    """The definitions of the parts, by their names, without nodes."""
    expression = reference("expression")
    value = [expression, {"type": "array", "items": reference("value")}, reference("value_mapping")]
    return {
        "object_schema": _contract("A JSON Schema (2020-12) of type `object`, written out without `$ref`.")
        | {"properties": {"type": {"const": "object"}, "personal": _PERSONAL}, "required": ["type"]},
        "schema": _contract("A JSON Schema (2020-12), written out without `$ref`.")
        | {"properties": {"personal": _PERSONAL}},
        "condition": {
            "description": "The value the field must have, or a mapping of conditions.",
            "if": {"type": "object"},
            "then": reference("conditions"),
            "else": expression,
        },
        "conditions": _conditions(),
        "value": {
            "description": "An expression in CEL, or a mapping or list of such.",
            "if": {"type": "object"},
            "then": value[2],
            "else": {"if": {"type": "array"}, "then": value[1], "else": expression},
        },
        "value_mapping": {"type": "object", "additionalProperties": reference("value")},
        "rows": _rows(),
        "order": {"type": "string", "pattern": "^-?[a-z][a-z0-9_]*$", "examples": ["starts_at", "-created_at"]},
        "text": {"type": "string"},
        "short_time": {"type": "string", "pattern": r"^(\d{1,6}(ms|s)|none)$", "examples": ["500ms", "2s"]},
        "literal": {},
    }


_PERSONAL = {"description": "Data about a person: masked in the audit record.", "type": "boolean"}


def _contract(description: str) -> JsonSchema:
    return {
        "description": description,
        "type": "object",
        "allOf": [{"$ref": DIALECT}],
        "propertyNames": {"enum": sorted(KEYWORDS)},
        "examples": [{"type": "object", "additionalProperties": False, "required": ["id"], "properties": {"id": {}}}],
    }


_OPERATORS = {
    "equals": "The field has this value.",
    "differs": "The field has another value.",
    "among": "The field has one of the values of this list.",
    "at_least": "The field has this value or a greater one.",
    "at_most": "The field has this value or a lesser one.",
    "above": "The field has a greater value.",
    "below": "The field has a lesser value.",
    "present": "Whether the field has a value at all.",
}


def _conditions() -> JsonSchema:
    expression = reference("expression")
    properties = {name: {**expression, "description": _OPERATORS[name]} for name in OPERATORS}
    properties["present"] = {"type": "boolean", "description": _OPERATORS["present"]}
    when = {**expression, "description": "The conditions count only where this holds."}
    return {
        "type": "object",
        "properties": {**properties, "when": when},
        "additionalProperties": False,
        "anyOf": [{"required": [name]} for name in OPERATORS],
    }


def _rows() -> JsonSchema:
    bounds = {
        "at_least": {"type": "integer", "minimum": 0, "maximum": MOST_ROWS, "description": "0 if not said."},
        "at_most": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "description": f"{MOST_ROWS} if not said."},
    }
    return {
        "if": {"type": "object"},
        "then": {"type": "object", "properties": bounds, "additionalProperties": False, "minProperties": 1},
        "else": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
        "examples": [1, {"at_least": 0, "at_most": 10}],
    }
