"""What `http` and `payment` share: whom they call, how long and how often, and the paths behind a failure."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from writ.nodes.context import Context
from writ.nodes.typed import TypedNode
from writ.nodes.typed_terms import CallPolicy, RetryPolicy
from writ.problems import did_you_mean
from writ.spec.expressions import Names
from writ.spec.forms import DurationText
from writ.spec.marked import Marked
from writ.spec.resolved import Connector, Operation
from writ.spec.shape import Name, Raw, SpecModel

Time = DurationText | Literal["none"]


class Timeouts(SpecModel):
    """How long one attempt may take, and all of them; either may be left out or `none`."""

    called: ClassVar[str] = "`timeouts`"

    start_to_close: Time | None = None
    """How long one attempt may take."""
    schedule_to_close: Time | None = None
    """How long all attempts may take together."""


class Retry(SpecModel):
    """How an attempt that failed is repeated: `not_on` these HTTP statuses."""

    called: ClassVar[str] = "`retry`"

    max_attempts: int | Literal["unlimited"] | None = None
    """How many attempts at most; `unlimited` where nothing else is said."""
    initial: DurationText | None = None
    """How long until the second attempt, `1s` if not said."""
    backoff: float = Field(default=2.0, ge=1)
    """How many times longer each further wait is."""
    longest: DurationText | None = None
    """The longest wait between two attempts, `60s` if not said."""
    not_on: list[int] = []
    """The HTTP statuses after which it is not tried again."""


INITIAL = 1.0
LONGEST = 60.0
"""Seconds before the second attempt, and at most between two, where nothing is said."""


def call_policy(timeouts: Timeouts | None, retry: Retry | None, context: Context) -> CallPolicy:
    """The times in seconds, and how a call is repeated."""
    return CallPolicy(
        _seconds(timeouts.start_to_close) if timeouts else None,
        _seconds(timeouts.schedule_to_close) if timeouts else None,
        _retry_policy(retry, context) if retry else None,
    )


def _seconds(time: Time | None) -> float | None:
    return time.seconds if isinstance(time, DurationText) else None


def _retry_policy(retry: Retry, context: Context) -> RetryPolicy:
    attempts = retry.max_attempts
    if isinstance(attempts, int) and attempts < 1:
        entries = retry.marked.value
        span = entries["max_attempts"].span if isinstance(entries, dict) else retry.marked.head
        context.problem("out-of-bounds", span, "there is at least 1 attempt")
    return RetryPolicy(
        span=retry.marked.head,
        max_attempts=attempts if isinstance(attempts, int) else None,
        initial=retry.initial.seconds if retry.initial else INITIAL,
        backoff=retry.backoff,
        longest=retry.longest.seconds if retry.longest else LONGEST,
        not_on=tuple(retry.not_on),
    )


def operation_of(name: Name, connector: Connector | None, context: Context) -> Operation | None:
    """The operation of a connector; None and a problem when it has none of that name."""
    if connector is None:
        return None
    found = connector.operations.get(name)
    if found is None:
        message = f"`{connector.name}` has no operation `{name}`"
        context.problem("unknown-operation", name.span, message, did_you_mean(name, connector.operations))
    return found


def failure_path(
    key: str, nodes: list[Raw] | None, node: Name, names: Names, context: Context, *, fallback: Marked | None = None
) -> tuple[TypedNode, ...] | None:
    """The nodes written under `key` for when there is no result: they see `names`, those from before the node.

    What follows may use the result, so that such a path ends the run, unless there is a `fallback`.
    """
    if nodes is None:
        return None
    path = Context(context.tool, names, context.inside)
    typed = path.nodes(nodes)
    if fallback is None and not path.ended and not path.unsure:
        help = "end the path with `refuse` or `respond`"
        help += ", or give a `fallback`" if key == "on_error" else ""
        context.problem("no-result", node.span, f"`{node}` has no value behind `{key}`", help)
    return typed
