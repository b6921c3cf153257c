"""The documents an author writes: app, tool, policy, acknowledgements; for entity and connector see beside this file.
One per file, each recognised by its first key.

They say what may be written, not what is wise: a document that is understood but dangerous is the safety engine's
business.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from writ.spec.connector_documents import DataClass
from writ.spec.forms import (
    DateText,
    Fingerprint,
    OwnRuleId,
    RateText,
    RuleId,
    Sentence,
)
from writ.spec.raw_parts import NodePart, ObjectSchemaPart
from writ.spec.shape import Expr, Name, SpecModel
from writ.spec.trigger_documents import TriggerDocument


class RefusalDocument(SpecModel):
    """A refusal of a tool by its code: what the caller is told."""

    called: ClassVar[str] = "a refusal"

    status: int = Field(default=409, ge=400, le=499)
    """The HTTP status of the refusal."""
    message: Sentence
    """What the caller is told."""


class ToolDocument(SpecModel):
    """A tool: who may call it with what, how often, what it does, what it answers."""

    called: ClassVar[str] = "a tool"

    tool: Name
    """Its name."""
    description: Sentence
    """What it does, for people and for agents."""
    trigger: TriggerDocument = TriggerDocument()
    """What starts it besides `POST /v1/tools/APP.TOOL`."""
    allow: dict[Name, Literal["own", "all"]] = {}
    """Which roles may call it, each for rows they `own` or for `all`."""
    public: bool = False
    """Nobody needs a token to call it."""
    conceal: bool = False
    """Who may not call it is answered "not found", and it is left out of what anybody may read."""
    idempotency: Literal["required", "optional", "none"] = "optional"
    """Whether callers must, may or cannot send an idempotency key."""
    rate_limit: RateText | None = None
    """How often one principal may call it."""
    version: int = Field(default=1, ge=1, le=9999)
    """The major version of its contract: raised when callers have to change."""
    input: ObjectSchemaPart
    """A JSON Schema of what it takes."""
    output: ObjectSchemaPart
    """A JSON Schema of what it answers."""
    refusals: dict[Name, RefusalDocument] = {}
    """How it may refuse, by code."""
    flow: list[NodePart]
    """What it does, one node after the other. Every path ends in `respond` or `refuse`."""


class PolicyDocument(SpecModel):
    """A policy: when a call is denied, or needs an approval, whatever the tool's flow would say; or a rule of the app's
    own about its documents. Which keys go together is said in `writ.spec.policy_forms`. Without `applies_to` it holds
    for every tool.
    """

    called: ClassVar[str] = "a policy"

    policy: Name
    """Its name, which a denial is refused with."""
    description: Sentence
    """What it is for."""
    applies_to: list[Name] | None = None
    """The tools it holds for; for every tool if not said."""
    deny_when: Expr | None = None
    """Denies the call where it holds. It sees `input`, `principal` and `now`."""
    status: int = Field(default=403, ge=400, le=499)
    """With `deny_when`: the HTTP status of the refusal."""
    message: Sentence | None = None
    """What the caller is told; with `design`, what is said of what was found."""
    require_approval_when: Expr | None = None
    """Where it holds, somebody with one of `roles` has to agree first. It sees `input`, `principal` and `now`."""
    roles: list[Name] | None = None
    """With `require_approval_when`: who can agree."""
    design: Expr | None = None
    """A rule of your own: where it holds for a fact about the documents, that is found."""
    id: OwnRuleId | None = None
    """With `design`: its id, `ORG` and three digits."""
    about: Literal["tool", "entity", "node", "edge"] | None = None
    """With `design`: what it looks at, which is then named so: every `tool`, `entity`, `node`, or `edge` of a flow."""
    level: Literal["red", "yellow"] | None = None
    """With `design`: `red` blocks the app, `yellow` can be acknowledged."""
    help: str | None = None
    """With `design`: the way out."""


class AcknowledgementDocument(SpecModel):
    """A yellow finding that somebody answers for, until a day."""

    called: ClassVar[str] = "an acknowledgement"

    finding: Fingerprint
    """The fingerprint that `writ check` shows with the finding."""
    rule: RuleId
    """The id of the rule that found it."""
    reason: Sentence
    """Why it is acceptable."""
    by: Sentence
    """Who answers for it."""
    until: DateText
    """The last day on which it holds."""


class AcknowledgementsDocument(SpecModel):
    """The findings that are accepted for now."""

    called: ClassVar[str] = "the acknowledgements"

    acknowledgements: list[AcknowledgementDocument]
    """The yellow findings that somebody answers for. `writ acknowledge` adds one."""


class RoleDocument(SpecModel):
    """A role a principal can have."""

    called: ClassVar[str] = "a role"

    description: Sentence
    """Who has it."""
    staff: bool = False
    """People who work here: only they may be given `all` over rows that have an owner."""
    reads: list[DataClass] = []
    """The classes of data that may be answered to it."""


class TokenRulesDocument(SpecModel):
    """How the tokens of principals are verified."""

    called: ClassVar[str] = "`auth`"

    algorithms: list[Sentence] = Field(default=[], examples=[["EdDSA"]])
    """The algorithms a token may be signed with."""
    issuer: Sentence | None = None
    """Who must have issued it."""
    audience: Sentence | None = None
    """Whom it must be meant for."""
    require: list[Sentence] = Field(default=[], examples=[["exp", "sub"]])
    """The claims that it must have."""


class AppDocument(SpecModel):
    """The app itself: its name, which is also its folder's, and the roles a principal can have."""

    called: ClassVar[str] = "an app"

    app: Name
    """Its name, which is also its folder's."""
    description: Sentence
    """What it is for."""
    roles: dict[Name, str | RoleDocument]
    """The roles a token can carry, each with who has it."""
    history: Literal["encrypted"] | None = None
    """`encrypted`: the inputs and values of runs are encrypted in Temporal's histories."""
    auth: TokenRulesDocument | None = None
    """How tokens are verified."""
