"""Typed nodes: what the node kinds mean once checked. The compiler turns each into a plan, and needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from writ.nodes.typed_terms import (
    Acknowledgement,
    AgentTrigger,
    ApprovalPolicy,
    CallPolicy,
    Compensation,
    CronTrigger,
    DesignRule,
    RateLimit,
    TypedPolicy,
    WebhookTrigger,
)
from writ.source import Span
from writ.spec.resolved import (
    Assignment,
    Condition,
    Connector,
    Entity,
    Operation,
    Role,
    TokenRules,
    TypedExpression,
    TypedTemplate,
)
from writ.values.types import ValueType


@dataclass(frozen=True, slots=True)
class TypedRead:
    """`order` pairs a field's name with True for descending. `missing` is a refusal code. `keys`: the place of each
    key.
    """

    name: str
    span: Span
    entity: Entity
    where: tuple[Condition, ...]
    expect: Literal["one", "optional", "many"]
    order: tuple[tuple[str, bool], ...]
    limit: TypedExpression | None
    lock: Literal["update", "share"] | None
    missing: str
    keys: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TypedCreate:
    """With `over`, one row per element, called `item` in the assignments' expressions. `keys`: the place of each
    key.
    """

    name: str
    span: Span
    entity: Entity
    set: tuple[Assignment, ...]
    over: TypedExpression | None
    item: str
    max: int | None
    keys: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TypedUpdate:
    """`rows` are the least and the most rows it must touch; `rows_stated`: the author said so."""

    name: str
    span: Span
    entity: Entity
    where: tuple[Condition, ...]
    set: tuple[Assignment, ...]
    rows: tuple[int, int]
    missing: str
    rows_stated: bool = False


@dataclass(frozen=True, slots=True)
class TypedTransition:
    """As an update, moving rows to the state `to`."""

    name: str
    span: Span
    entity: Entity
    where: tuple[Condition, ...]
    to: str
    set: tuple[Assignment, ...]
    rows: tuple[int, int]
    missing: str
    rows_stated: bool = False


@dataclass(frozen=True, slots=True)
class TypedArchive:
    """Archives the rows that match."""

    name: str
    span: Span
    entity: Entity
    where: tuple[Condition, ...]
    rows: tuple[int, int]
    missing: str
    rows_stated: bool = False


@dataclass(frozen=True, slots=True)
class TypedTransform:
    """A named value."""

    name: str
    span: Span
    value: TypedTemplate
    type: ValueType


@dataclass(frozen=True, slots=True)
class TypedRequire:
    """`otherwise` is a refusal code of the tool."""

    name: str
    span: Span
    that: TypedExpression
    otherwise: str


@dataclass(frozen=True, slots=True)
class TypedRefuse:
    """Ends the run with the refusal."""

    name: str
    span: Span
    refusal: str


@dataclass(frozen=True, slots=True)
class TypedRespond:
    """Ends the run with the answer."""

    name: str
    span: Span
    value: TypedTemplate


@dataclass(frozen=True, slots=True)
class TypedCase:
    """`when` None: the default."""

    when: TypedExpression | None
    nodes: tuple[TypedNode, ...]


@dataclass(frozen=True, slots=True)
class TypedChoice:
    """`if` and `switch`; for a switch with `on`, the cases' conditions are already expressions. `kind` is the
    author's word.
    """

    name: str
    span: Span
    kind: Literal["if", "switch"]
    cases: tuple[TypedCase, ...]


@dataclass(frozen=True, slots=True)
class NoTimeout:
    """A limit of time that the author switched off with `none`: its key, its place, and the longest it may be, in
    milliseconds.
    """

    key: str
    span: Span
    longest_ms: int


@dataclass(frozen=True, slots=True)
class TypedTransaction:
    """Timeouts in milliseconds; those in `without` are 0. `nodes` are whatever the author wrote there; the compiler
    refuses what has no place in it. `isolation_span` is None where the author said nothing of it.
    """

    name: str
    span: Span
    isolation: Literal["serializable", "repeatable_read", "read_committed"]
    statement_timeout_ms: int
    timeout_ms: int
    nodes: tuple[TypedNode, ...]
    isolation_span: Span | None = None
    without: tuple[NoTimeout, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedHttp:
    """A call of an operation of a connector. `inputs` are the expressions sent, by where they go (`path.order`,
    `query.limit`, `body.lines`). `url` is an address written in the node itself, which no connector declares. `key` is
    the author's own idempotency key; without one it is derived from run and node. `on_error` None: there is no such
    path. `keys`: the place of each key the author wrote.
    """

    name: str
    span: Span
    connector: Connector | None
    operation: Operation | None
    inputs: Mapping[str, TypedExpression]
    url: TypedExpression | None
    policy: CallPolicy
    key: TypedExpression | None
    on_error: tuple[TypedNode, ...] | None
    fallback: TypedTemplate | None
    compensation: Compensation | None
    pivot: bool
    type: ValueType
    keys: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)


PaymentOperation = Literal["charge", "authorize", "capture", "refund", "payout"]


@dataclass(frozen=True, slots=True)
class TypedPayment:
    """A movement of money. `of` is the provider's reference of the payment that a capture or refund is about. Its
    result has `status` (`succeeded` or `declined`) and `reference`. `on_unknown` None: nothing is said; `park`: the run
    waits for an operator; else the nodes of that path. `keys`: the place of each key the author wrote.
    """

    name: str
    span: Span
    connector: Connector | None
    operation: PaymentOperation
    declared: Operation | None
    amount: TypedExpression | None
    of: TypedExpression | None
    inputs: Mapping[str, TypedExpression]
    policy: CallPolicy
    key: TypedExpression | None
    on_error: tuple[TypedNode, ...] | None
    on_unknown: Literal["park"] | tuple[TypedNode, ...] | None
    compensation: Compensation | None
    pivot: bool
    type: ValueType
    keys: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TypedApproval:
    """People decide. `of` are the values the decision is bound to, by name; `within` in seconds."""

    name: str
    span: Span
    roles: tuple[str, ...]
    roles_span: Span
    number: int
    requester_excluded: bool
    of: Mapping[str, TypedExpression]
    within: float | None
    on_timeout: Literal["reject", "escalate"]
    otherwise: str


@dataclass(frozen=True, slots=True)
class TypedWait:
    """The run rests for `seconds`, or until a moment."""

    name: str
    span: Span
    seconds: float | None
    until: TypedExpression | None


@dataclass(frozen=True, slots=True)
class TypedBranch:
    """One branch of a `parallel`."""

    name: str
    span: Span
    nodes: tuple[TypedNode, ...]


@dataclass(frozen=True, slots=True)
class TypedParallel:
    """Branches that run at the same time; the run goes on when all have ended."""

    name: str
    span: Span
    branches: tuple[TypedBranch, ...]
    at_most: int | None


@dataclass(frozen=True, slots=True)
class TypedCall:
    """Another tool of the app, called as the same principal, or with `acts_as` as a role of its own."""

    name: str
    span: Span
    tool: str
    input: Mapping[str, TypedExpression]
    acts_as: str | None
    type: ValueType


@dataclass(frozen=True, slots=True)
class TypedEach:
    """`nodes` for every element of `over`, one after the other; `max` None: the author set no bound. `keys`: the place
    of each key.
    """

    name: str
    span: Span
    over: TypedExpression
    item: str
    max: int | None
    nodes: tuple[TypedNode, ...]
    keys: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TypedEmit:
    """An event, kept in the outbox by the transaction it stands in and delivered once that has committed."""

    name: str
    span: Span
    event: str
    body: Mapping[str, TypedExpression]
    connector: Connector | None = None


@dataclass(frozen=True, slots=True)
class TypedDelete:
    """Rows removed for good: understood, so that it can be refused with its reason."""

    name: str
    span: Span
    entity: Entity
    where: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class TypedErase:
    """Personal data removed for good because a person or a law asks for it; `approval` names the approval before it."""

    name: str
    span: Span
    entity: Entity
    where: tuple[Condition, ...]
    approval: str | None


@dataclass(frozen=True, slots=True)
class TypedSql:
    """SQL text: understood, so that it can be refused with its reason."""

    name: str
    span: Span
    text: str


TypedNode = (
    TypedTransaction
    | TypedRead
    | TypedCreate
    | TypedUpdate
    | TypedTransition
    | TypedArchive
    | TypedTransform
    | TypedRequire
    | TypedRefuse
    | TypedRespond
    | TypedChoice
    | TypedHttp
    | TypedPayment
    | TypedApproval
    | TypedWait
    | TypedParallel
    | TypedCall
    | TypedEach
    | TypedEmit
    | TypedDelete
    | TypedErase
    | TypedSql
)


@dataclass(frozen=True, slots=True)
class TypedTool:
    """A checked tool. `types` gives the type of every name in the flow: `input`, `principal`, `now`, `run`, node
    names, items. `public`: nobody needs a token to call it. `idempotency`: whether a call must, may or may not carry an
    Idempotency-Key. `version` is the major version of its contract. `spans`: the place of each key of the document, and
    of parts of it by a dotted path (`allow.patient`, `input.properties.slot`). `whole`: nothing of its flow was left
    out because it is wrong, and its contracts are sound.
    """

    name: str
    description: str
    span: Span
    http: tuple[str, str] | None
    allow: Mapping[str, Literal["own", "all"]]
    conceal: bool
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    input_type: ValueType
    output_type: ValueType
    types: Mapping[str, ValueType]
    refusals: Mapping[str, tuple[int, str]]
    policies: tuple[TypedPolicy, ...]
    flow: tuple[TypedNode, ...]
    approval_policies: tuple[ApprovalPolicy, ...] = ()
    cron: CronTrigger | None = None
    webhook: WebhookTrigger | None = None
    agent: AgentTrigger | None = None
    public: bool = False
    idempotency: Literal["required", "optional", "none"] = "optional"
    rate_limit: RateLimit | None = None
    version: int = 1
    spans: Mapping[str, Span] = field(default_factory=dict)
    whole: bool = True


@dataclass(frozen=True, slots=True)
class TypedApp:
    """A checked app. `encrypted_history`: Temporal keeps the runs of this app encrypted. `texts` are all texts an
    author wrote anywhere, with their places, for what must stand in none of them.
    """

    name: str
    description: str
    roles: Mapping[str, Role]
    entities: Mapping[str, Entity]
    tools: Mapping[str, TypedTool]
    connectors: Mapping[str, Connector] = field(default_factory=dict)
    span: Span | None = None
    tokens: TokenRules | None = None
    encrypted_history: bool = False
    design_rules: tuple[DesignRule, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    texts: tuple[tuple[str, Span], ...] = ()
