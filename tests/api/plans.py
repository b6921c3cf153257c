"""Plans for tests of what needs no run."""

from __future__ import annotations

from typing import Any

from writ.plan.model import (
    Expression,
    HttpTrigger,
    MapTemplate,
    PolicyPlan,
    RefusalPlan,
    Release,
    ReleaseCheck,
    RespondPlan,
    ToolPlan,
)
from writ.values.schema import from_json_schema
from writ.values.types import Boolean

SLOT = {"type": "string", "format": "uuid"}


def tool(name: str, http: tuple[str, str] | None = None, **changes: Any) -> ToolPlan:
    """A tool that answers with an empty object."""
    given = changes.pop("input_schema", {"type": "object", "additionalProperties": False, "properties": {}})
    answer = changes.pop("output_schema", {"type": "object", "properties": {}})
    return ToolPlan(
        tool=name,
        description=f"What {name} does.",
        http=HttpTrigger.model_validate({"method": http[0], "path": http[1]}) if http else None,
        input_schema=given,
        output_schema=answer,
        input_type=from_json_schema(given, "input"),
        output_type=from_json_schema(answer, "output"),
        types={},
        flow=(RespondPlan(name="respond", value=MapTemplate(entries={})),),
        **{"allow": {"patient": "own"}, **changes},
    )


def release(*tools: ToolPlan, app: str = "clinic") -> Release:
    """A release of these tools."""
    return Release(
        app=app,
        description="A clinic.",
        roles={"patient": "A patient."},
        check=ReleaseCheck(colour="green", catalogue="test"),
        engines={},
        schema_name=app,
        entities={},
        tools={each.tool: each for each in tools},
    )


def booking() -> ToolPlan:
    """A tool with everything the documentation shows."""
    return tool(
        "book_appointment",
        ("POST", "/slots/{slot}/appointments"),
        input_schema={
            "type": "object",
            "additionalProperties": False,
            "required": ["slot", "personal"],
            "properties": {
                "slot": SLOT,
                "personal": {"type": "string", "maxLength": 5, "personal": True},
                "kind": {"$ref": "#/$defs/kind"},
            },
            "$defs": {"kind": {"enum": ["first", "next"]}},
        },
        output_schema={"type": "object", "required": ["appointment"], "properties": {"appointment": SLOT}},
        refusals={"slot_not_free": RefusalPlan(status=409, message="The slot is not free.")},
        policies=(
            PolicyPlan(
                name="no_debts",
                deny_when=Expression(cel="true", type=Boolean()),
                status=403,
                message="Pay first.",
            ),
        ),
    )


def listing() -> ToolPlan:
    """A tool that takes its input from the query."""
    return tool(
        "list_slots",
        ("GET", "/slots"),
        input_schema={
            "type": "object",
            "additionalProperties": False,
            "required": ["day"],
            "properties": {
                "day": {"type": "string", "format": "date"},
                "limit": {"type": "integer", "minimum": 3, "maximum": 50, "default": 10},
                "code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"},
            },
        },
    )
