"""The terms that typed tools and nodes are stated in: retries, compensations, triggers, policies, acknowledgements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from writ.source import Span
from writ.spec.resolved import Condition, Entity, TypedExpression


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and when an attempt is repeated. Times in seconds; `max_attempts` None: without end."""

    span: Span
    max_attempts: int | None
    initial: float
    backoff: float
    longest: float
    not_on: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """How long a call to the outside may take, in seconds, for one attempt and for all of them with what lies between,
    and how it is retried. None: the author said nothing.
    """

    start_to_close: float | None
    schedule_to_close: float | None
    retry: RetryPolicy | None


@dataclass(frozen=True, slots=True)
class Compensation:
    """What undoes a call that succeeded, or whose outcome is unknown: another operation of its connector, or a
    `transition` of rows back. `inputs` are the expressions it is called with, by where they go (`body.charge`,
    `of`, `where.id`). `needs_own`: it says itself that it must be compensated. `where` says which rows move.
    """

    span: Span
    operation: str | None
    inputs: Mapping[str, TypedExpression]
    policy: CallPolicy
    entity: Entity | None = None
    to: str | None = None
    needs_own: bool = False
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedPolicy:
    """A policy as it applies to one tool: its expression has been checked against that tool's input."""

    name: str
    deny_when: TypedExpression
    status: int
    message: str


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """A policy that asks for an approval before a tool goes on: its condition and who may approve."""

    name: str
    require_approval_when: TypedExpression
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DesignRule:
    """A rule of the app's own about its specs: what is found wherever `design` is true. `about` says of what it is
    asked: each `tool`, `entity`, `node` or `edge`; `design` is an expression over that fact. `description` says what
    the rule is for.
    """

    id: str
    name: str
    span: Span
    about: Literal["tool", "entity", "node", "edge"]
    design: TypedExpression
    level: Literal["red", "yellow"]
    message: str
    help: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class CronTrigger:
    """A schedule that starts the tool as the principal `subject` with `roles`."""

    span: Span
    schedule: str
    subject: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WebhookTrigger:
    """A request of another service that starts the tool with `roles`. `signature` names header and secret; None: it is
    not verified. `replay_window` in seconds: how old a request may be; None: any age.
    """

    span: Span
    path: str
    signature: tuple[str, str] | None
    replay_window: float | None
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgentTrigger:
    """The tool is shown to AI agents, which may propose it, as `title`."""

    span: Span
    title: str


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `calls` of a principal in `seconds`."""

    span: Span
    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A yellow finding that somebody has looked at and accepts: see `writ.acknowledgements`. `until` is a date
    (`YYYY-MM-DD`). `lines`: the first and the last line of its entry, where they hold nothing else.
    """

    span: Span
    fingerprint: str
    rule: str
    reason: str
    by: str
    until: str
    lines: tuple[int, int] | None = field(default=None, compare=False, repr=False)
