"""The documents an author writes: app, entity, tool, policy. One per file, each recognised by its first key.

They say what may be written, not what is wise: a document that is understood but dangerous is the safety engine's
business.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from writ.spec.shape import EntityName, Expr, Name, Raw, SpecModel

FieldKind = Literal[
    "text", "integer", "number", "boolean", "timestamp", "date", "uuid", "enum", "money", "reference", "list"
]
ScalarKind = Literal["text", "integer", "number", "boolean", "timestamp", "date", "uuid"]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class FieldDocument(SpecModel):
    """One field of an entity. Which of the bounds may stand depends on `type`."""

    type: FieldKind
    description: str = ""
    optional: bool = False
    immutable: bool = False
    personal: bool = False
    unique: bool = False
    to: EntityName | None = None
    of: ScalarKind | None = None
    values: list[str] | None = None
    min_length: int | None = Field(default=None, ge=0)
    max_length: int | None = Field(default=None, ge=1)
    minimum: int | float | None = None
    maximum: int | float | None = None
    max_items: int | None = Field(default=None, ge=1)
    default: Raw | None = None


class StateDocument(SpecModel):
    """One state of an entity and the states it may move to."""

    meaning: str
    initial: bool = False
    to: list[Name] = []


class AggregateDocument(SpecModel):
    """A figure over the rows of an entity that match `where`; `of` names the field a `sum` adds up."""

    entity: EntityName
    where: dict[Name, Raw]
    of: Name | None = None


class InvariantDocument(SpecModel):
    """What must hold for a row, called `this`, whenever a transaction commits."""

    that: Expr
    message: str
    count: AggregateDocument | None = None
    sum: AggregateDocument | None = None


class EntityDocument(SpecModel):
    """An entity: its fields, states, owner and invariants."""

    entity: EntityName
    description: str
    owner: Name | None = None
    fields: dict[Name, FieldDocument]
    states: dict[Name, StateDocument] = {}
    unique: list[list[Name]] = []
    invariants: dict[Name, InvariantDocument] = {}


class HttpTriggerDocument(SpecModel):
    """The route of a tool, below the app's own path; `{name}` takes an input from the path."""

    method: Method
    path: str = Field(pattern=r"^(/[a-z0-9_-]+|/\{[a-z][a-z0-9_]*\})+$")


class TriggerDocument(SpecModel):
    """What starts a tool besides its generic route."""

    http: HttpTriggerDocument | None = None


class RefusalDocument(SpecModel):
    """A refusal of a tool by its code: what the caller is told."""

    status: int = Field(default=409, ge=400, le=499)
    message: str


class ToolDocument(SpecModel):
    """A tool: who may call it with what, what it does, what it answers."""

    tool: Name
    description: str
    trigger: TriggerDocument = TriggerDocument()
    allow: dict[Name, Literal["own", "all"]]
    conceal: bool = False
    input: Raw
    output: Raw
    refusals: dict[Name, RefusalDocument] = {}
    flow: list[Raw]


class PolicyDocument(SpecModel):
    """A policy: when a call is denied, whatever the tool's flow would say. Without `applies_to` it holds for every
    tool.
    """

    policy: Name
    description: str
    applies_to: list[Name] | None = None
    deny_when: Expr
    status: int = Field(default=403, ge=400, le=499)
    message: str


class AppDocument(SpecModel):
    """The app itself: its name, which is also its folder's, and the roles a principal can have."""

    app: Name
    description: str
    roles: dict[Name, str]
