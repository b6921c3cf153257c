"""The documents an author writes: app, entity, tool, policy. One per file, each recognised by its first key.

They say what may be written, not what is wise: a document that is understood but dangerous is the safety engine's
business.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from writ.spec.shape import EntityName, Expr, Name, Raw, SpecModel

FieldKind = Literal[
    "text", "integer", "number", "boolean", "timestamp", "date", "uuid", "enum", "money", "reference", "list"
]
ScalarKind = Literal["text", "integer", "number", "boolean", "timestamp", "date", "uuid"]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Sentence = Annotated[str, Field(min_length=1)]

LONGEST_TEXT = 1_048_576
"""Characters: no request that could bring a longer text is taken."""

LONGEST_LIST = 10_000
"""Elements of a list: no expression may look at more."""


class FieldDocument(SpecModel):
    """One field of an entity. Which of the bounds may stand depends on `type`."""

    called: ClassVar[str] = "a field"

    type: FieldKind
    description: str = ""
    optional: bool = False
    immutable: bool = False
    personal: bool = False
    unique: bool = False
    to: EntityName | None = None
    of: ScalarKind | None = None
    values: list[Sentence] | None = None
    min_length: int | None = Field(default=None, ge=0, le=LONGEST_TEXT)
    max_length: int | None = Field(default=None, ge=1, le=LONGEST_TEXT)
    minimum: int | float | None = None
    maximum: int | float | None = None
    max_items: int | None = Field(default=None, ge=1, le=LONGEST_LIST)
    default: Raw | None = None


class StateDocument(SpecModel):
    """One state of an entity and the states it may move to."""

    called: ClassVar[str] = "a state"

    meaning: Sentence
    initial: bool = False
    to: list[Name] = []


class AggregateDocument(SpecModel):
    """A figure over the rows of an entity that match `where`; `of` names the field a `sum` adds up."""

    called: ClassVar[str] = "a `count` or `sum`"

    entity: EntityName
    where: dict[Name, Raw]
    of: Name | None = None


class InvariantDocument(SpecModel):
    """What must hold for a row, called `this`, whenever a transaction commits."""

    called: ClassVar[str] = "an invariant"

    that: Expr
    message: Sentence
    count: AggregateDocument | None = None
    sum: AggregateDocument | None = None


class EntityDocument(SpecModel):
    """An entity: its fields, states, owner and invariants."""

    called: ClassVar[str] = "an entity"

    entity: EntityName
    description: Sentence
    owner: Name | None = None
    fields: dict[Name, FieldDocument]
    states: dict[Name, StateDocument] = {}
    unique: list[list[Name]] = []
    invariants: dict[Name, InvariantDocument] = {}


class HttpTriggerDocument(SpecModel):
    """The route of a tool, below the app's own path; `{name}` takes an input from the path."""

    called: ClassVar[str] = "an `http` trigger"

    method: Method
    path: str = Field(
        pattern=r"^(/[a-z0-9_-]+|/\{[a-z][a-z0-9_]*\})+$",
        max_length=200,
        description="a path is made of parts such as `/books` or `/{book}`: small letters, digits, `-` and `_`",
    )


class TriggerDocument(SpecModel):
    """What starts a tool besides its generic route."""

    called: ClassVar[str] = "a trigger"

    http: HttpTriggerDocument | None = None


class RefusalDocument(SpecModel):
    """A refusal of a tool by its code: what the caller is told."""

    called: ClassVar[str] = "a refusal"

    status: int = Field(default=409, ge=400, le=499)
    message: Sentence


class ToolDocument(SpecModel):
    """A tool: who may call it with what, what it does, what it answers."""

    called: ClassVar[str] = "a tool"

    tool: Name
    description: Sentence
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

    called: ClassVar[str] = "a policy"

    policy: Name
    description: Sentence
    applies_to: list[Name] | None = None
    deny_when: Expr
    status: int = Field(default=403, ge=400, le=499)
    message: Sentence


class AppDocument(SpecModel):
    """The app itself: its name, which is also its folder's, and the roles a principal can have."""

    called: ClassVar[str] = "an app"

    app: Name
    description: Sentence
    roles: dict[Name, str]
