"""Which runs a caller asks for: the query of the list of runs, read and judged as the input of a tool is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api import address_input
from api.refusals import DoorRefused
from writ.effects import Principal
from writ.representable import unrepresentable
from writ.schemas import Schema

AUDITOR = "auditor"
"""The role that may see every run."""

USUAL_LIMIT = 50

_NAME = "[a-z][a-z0-9_]*"

FILTERS: dict[str, Any] = {
    "tool": {
        "type": "string",
        "maxLength": 200,
        "pattern": rf"^{_NAME}\.{_NAME}$",
        "description": "Only runs of this tool, as `app.tool`.",
    },
    "outcome": {
        "type": "string",
        "enum": ["answered", "refused", "failed"],
        "description": "Only runs that ended so.",
    },
    "subject": {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "description": f"Only runs of this caller; another than oneself only for the role `{AUDITOR}`.",
    },
    "before": {
        "type": "string",
        "format": "date-time",
        "description": "Only runs that ended before this moment.",
    },
    "limit": {
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
        "default": USUAL_LIMIT,
        "description": "How many at most.",
    },
}
"""The JSON Schema of each filter, by its name in the query."""

_QUERY: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": FILTERS}
_SCHEMA = Schema(_QUERY)


@dataclass(frozen=True, slots=True)
class RunFilters:
    """What a list of runs is narrowed to; None does not narrow. `before` is a moment (RFC 3339)."""

    app: str | None
    tool: str | None
    outcome: str | None
    subject: str | None
    before: str | None
    limit: int


def read(query: bytes, principal: Principal) -> RunFilters:
    """The filters of a query, its subject being the principal's own; DoorRefused (400, 422) where one does not fit."""
    given: dict[str, Any] = address_input.values(address_input.query_texts(query), _QUERY)
    wrong = unrepresentable(given) or _SCHEMA.violations(given)
    if not wrong and AUDITOR not in principal.roles and given.get("subject", principal.subject) != principal.subject:
        wrong = (("/subject", f"may be another than your own only with the role `{AUDITOR}`"),)
    if wrong:
        raise DoorRefused("invalid_input", "The query does not fit what a list of runs takes.", errors=wrong)
    app, _, tool = given["tool"].partition(".") if "tool" in given else (None, None, None)
    return RunFilters(
        app=app,
        tool=tool,
        outcome=given.get("outcome"),
        subject=given.get("subject") if AUDITOR in principal.roles else principal.subject,
        before=given.get("before"),
        limit=given.get("limit", USUAL_LIMIT),
    )
