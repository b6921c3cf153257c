"""What a node states about itself: the only thing a safety rule knows of its kind.

A new kind of node edits no rule, and a new rule edits no kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from writ.nodes.typed import NoTimeout
from writ.nodes.typed_terms import CallPolicy, Compensation
from writ.source import Span
from writ.spec.resolved import Condition, Connector, Entity, EntityField, Operation, TypedExpression

Effect = Literal[
    "none",  # computes, chooses or contains
    "read",  # rows are read
    "write",  # rows are changed
    "emit",  # an event goes to the outbox
    "external",  # a service outside is called
    "payment",  # money moves
    "wait",  # the run rests
    "approval",  # people decide
    "call",  # another tool runs
    "answer",  # the run ends with an answer
    "refusal",  # the run ends with a refusal
]

WriteKind = Literal["create", "update", "transition", "archive", "delete", "erase", "sql"]

Purpose = Literal[
    "where",  # compared with a field to find rows
    "condition",  # says whether a condition of a `where` applies
    "set",  # written into a field
    "guard",  # decides whether or where the run goes on
    "limit",  # how many rows are read at most
    "over",  # what is repeated over
    "send",  # goes to a service outside
    "amount",  # the money that moves
    "reference",  # the payment that is meant
    "key",  # an idempotency key
    "address",  # where a request goes
    "bind",  # becomes a name for later
    "answer",  # goes to the caller
    "approve",  # what an approval is bound to
    "call",  # the input of another tool
    "event",  # the body of an event
    "until",  # how long the run rests
    "compensate",  # what a compensation is called with
]


@dataclass(frozen=True, slots=True)
class Use:
    """One expression of a node: what it is for, and where in the node it stands (`where.id`, `body.amount`).

    `field`: the field it is compared with or written into. `operator`: how it is compared.
    """

    place: str
    purpose: Purpose
    expression: TypedExpression
    field: EntityField | None = None
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """A change of rows. `rows` are the least and the most it may touch (None: without a bound); `stated` says that the
    author gave that number. `to` is the state a transition leads to. `set_spans`: the fields set, each with its place.
    """

    kind: WriteKind
    entity: Entity | None
    where: tuple[Condition, ...] = ()
    rows: tuple[int, int | None] = (1, 1)
    stated: bool = False
    to: str | None = None
    sets: tuple[tuple[EntityField, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """Rows that are read. `most` None: without a bound."""

    entity: Entity
    where: tuple[Condition, ...]
    expect: Literal["one", "optional", "many"]
    limited: bool
    lock: Literal["update", "share"] | None


@dataclass(frozen=True, slots=True)
class Outside:
    """A call to the world outside. For a payment, `payment` says which movement of money it is.

    `failure_path`: what happens on an error is written (`on_error` or a fallback). `unknown_handled`: what happens when
    nobody knows the outcome is written, or the connector can look it up.
    """

    connector: Connector | None
    operation: Operation | None
    policy: CallPolicy
    compensation: Compensation | None
    pivot: bool
    failure_path: bool
    has_key: bool
    payment: str | None = None
    unknown_handled: bool = True


@dataclass(frozen=True, slots=True)
class Approval:
    """People who decide, and what they decide about."""

    roles: tuple[str, ...]
    roles_span: Span
    number: int
    requester_excluded: bool
    within: float | None
    bound: tuple[TypedExpression, ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """A time in which nothing happens, of at most `longest` seconds (None: nobody can say)."""

    longest: float | None


@dataclass(frozen=True, slots=True)
class Repetition:
    """A node that repeats, at most `most` times (None: without a bound)."""

    most: int | None
    item: str


Isolation = Literal["serializable", "repeatable_read", "read_committed"]


@dataclass(frozen=True, slots=True)
class Block:
    """A transaction: how it is kept apart from others (`isolation_span` None: the author said nothing of it), and the
    limits of time that were switched off.
    """

    isolation: Isolation
    isolation_span: Span | None
    without: tuple[NoTimeout, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What one node does. `refuses`: the run may end here with a refusal; `fails`: it may end here because the world
    outside failed. `binds` is the name its result has. `span` is the place of its name, `keys` those of its
    keys where a fix may add one. `receiver` is where an event is delivered.
    """

    kind: str
    name: str
    span: Span
    effect: Effect = "none"
    uses: tuple[Use, ...] = ()
    read: Read | None = None
    write: Write | None = None
    outside: Outside | None = None
    approval: Approval | None = None
    rest: Rest | None = None
    repetition: Repetition | None = None
    block: Block | None = None
    receiver: Connector | None = None
    calls: str | None = None
    acts_as: str | None = None
    refuses: bool = False
    fails: bool = False
    binds: str | None = None
    keys: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
