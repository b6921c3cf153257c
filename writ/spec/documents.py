"""The documents an author writes: app, entity, tool, policy, connector, acknowledgements. One per file, each recognised
by its first key.

They say what may be written, not what is wise: a document that is understood but dangerous is the safety engine's
business.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from writ.spec.forms import (
    DateText,
    DurationText,
    Fingerprint,
    HeaderName,
    Method,
    OwnRuleId,
    RateText,
    RuleId,
    Sentence,
)
from writ.spec.shape import EntityName, Expr, Name, Raw, SpecModel
from writ.spec.trigger_documents import TriggerDocument

FieldKind = Literal[
    "text", "integer", "number", "boolean", "timestamp", "date", "uuid", "enum", "money", "reference", "list"
]
ScalarKind = Literal["text", "integer", "number", "boolean", "timestamp", "date", "uuid"]
DataClass = Literal["personal"]
Status = Annotated[int, Field(ge=400, le=599)]

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
    secret: bool = False
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
    """An entity: its fields, states, owner, tenant and invariants."""

    called: ClassVar[str] = "an entity"

    entity: EntityName
    description: Sentence
    owner: Name | None = None
    tenant: Name | None = None
    fields: dict[Name, FieldDocument]
    states: dict[Name, StateDocument] = {}
    unique: list[list[Name]] = []
    invariants: dict[Name, InvariantDocument] = {}


class RefusalDocument(SpecModel):
    """A refusal of a tool by its code: what the caller is told."""

    called: ClassVar[str] = "a refusal"

    status: int = Field(default=409, ge=400, le=499)
    message: Sentence


class ToolDocument(SpecModel):
    """A tool: who may call it with what, how often, what it does, what it answers."""

    called: ClassVar[str] = "a tool"

    tool: Name
    description: Sentence
    trigger: TriggerDocument = TriggerDocument()
    allow: dict[Name, Literal["own", "all"]] = {}
    public: bool = False
    conceal: bool = False
    idempotency: Literal["required", "optional", "none"] = "optional"
    rate_limit: RateText | None = None
    version: int = Field(default=1, ge=1, le=9999)
    input: Raw
    output: Raw
    refusals: dict[Name, RefusalDocument] = {}
    flow: list[Raw]


class PolicyDocument(SpecModel):
    """A policy: when a call is denied, or needs an approval, whatever the tool's flow would say; or a rule of the app's
    own about its documents. Which keys go together is said in `writ.spec.policy_forms`. Without `applies_to` it holds
    for every tool.
    """

    called: ClassVar[str] = "a policy"

    policy: Name
    description: Sentence
    applies_to: list[Name] | None = None
    deny_when: Expr | None = None
    status: int = Field(default=403, ge=400, le=499)
    message: Sentence | None = None
    require_approval_when: Expr | None = None
    roles: list[Name] | None = None
    design: Expr | None = None
    id: OwnRuleId | None = None
    about: Literal["tool", "entity", "node", "edge"] | None = None
    level: Literal["red", "yellow"] | None = None
    help: str | None = None


class IdempotencyDocument(SpecModel):
    """How a service recognises a request that is sent again: by the key in this header, for so long."""

    called: ClassVar[str] = "an `idempotency`"

    header: HeaderName
    window: DurationText | None = None


class OperationDocument(SpecModel):
    """One thing a service outside does."""

    called: ClassVar[str] = "an operation"

    effect: Literal["none", "reversible", "irreversible", "payment"]
    method: Method
    path: str = Field(
        pattern=r"^/([^\s{}?#]|\{[a-z][a-z0-9_]*\})*$",
        max_length=500,
        description="a path begins with `/` and takes a parameter as `{name}`; what is asked for goes into `query`",
    )
    request: Raw | None = None
    response: Raw | None = None
    idempotency: IdempotencyDocument | None = None
    lookup: Name | None = None
    compensate_with: Name | None = None
    retryable: list[Status] = []
    notifies: bool = False


class ConnectorDocument(SpecModel):
    """A service outside and what it does. `secret` is the name of a credential, never the credential."""

    called: ClassVar[str] = "a connector"

    connector: Name
    description: Sentence
    base_url: Sentence
    provider: Literal["stripe", "simulated"] | None = None
    secret: Name | None = None
    cleared_for: list[DataClass] = []
    rate_limit: RateText | None = None
    operations: dict[Name, OperationDocument]


class AcknowledgementDocument(SpecModel):
    """A yellow finding that somebody answers for, until a day."""

    called: ClassVar[str] = "an acknowledgement"

    finding: Fingerprint
    rule: RuleId
    reason: Sentence
    by: Sentence
    until: DateText


class AcknowledgementsDocument(SpecModel):
    """The findings that are accepted for now."""

    called: ClassVar[str] = "the acknowledgements"

    acknowledgements: list[AcknowledgementDocument]


class RoleDocument(SpecModel):
    """A role a principal can have."""

    called: ClassVar[str] = "a role"

    description: Sentence
    staff: bool = False
    reads: list[DataClass] = []


class TokenRulesDocument(SpecModel):
    """How the tokens of principals are verified."""

    called: ClassVar[str] = "`auth`"

    algorithms: list[Sentence] = []
    issuer: Sentence | None = None
    audience: Sentence | None = None
    require: list[Sentence] = []


class AppDocument(SpecModel):
    """The app itself: its name, which is also its folder's, and the roles a principal can have."""

    called: ClassVar[str] = "an app"

    app: Name
    description: Sentence
    roles: dict[Name, str | RoleDocument]
    history: Literal["encrypted"] | None = None
    auth: TokenRulesDocument | None = None
