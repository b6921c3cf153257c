"""A payment is retried, and nothing says what happens when nobody knows whether the money moved.

Catches:
    A `payment` with more than one attempt, or with attempts without end, that has no `on_unknown` and whose operation
    names no `lookup`, or one that has an effect itself. And a second payment of the same kind on the `on_unknown` path
    of a first, without the same `key`.

Dangerous because:
    When the last attempt ends in a time-out, the money may have moved or not. A run that takes this for a failure tells
    the customer that nothing was paid, who then pays again.

Avoid:
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total
      timeouts: {start_to_close: 20s, schedule_to_close: 10m}
      retry: {max_attempts: 5, initial: 1s, backoff: 2, longest: 60s}

Prefer:
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total
      timeouts: {start_to_close: 20s, schedule_to_close: 10m}
      retry: {max_attempts: 5, initial: 1s, backoff: 2, longest: 60s}
      on_unknown: park

Cannot see:
    Whether other nodes of `on_unknown` do the right thing, and whether the `lookup` finds a payment by what it is
    asked. A payment that says nothing of `retry` is EXT002's. A compensation has no `on_unknown`: it is not judged
    here.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.attempts import repeats
from writ.graph.edits import added_key
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule
from writ.values.syntax import Node


def check(app: AppFacts) -> Iterator[Found]:
    """Payments that are repeated and have no way on from a time-out."""
    for tool, step in app.steps("payment"):
        outside = step.facts.outside
        if outside is not None and repeats(outside.policy) and not outside.unknown_handled:
            yield _found(app, tool, step)
        first = next(_paid_before(tool, step), None)
        if first is not None:
            yield _paid_again(app, tool, step, first)


def _paid_before(tool: ToolFacts, step: Step) -> Iterator[Step]:
    """The payments on whose `on_unknown` path the step makes the same movement of money under another key."""
    for index, path in step.containers:
        first = tool.graph.steps[index]
        one, other = first.facts.outside, step.facts.outside
        if path != "on_unknown" or one is None or other is None:
            continue
        same = one.connector == other.connector and one.payment == other.payment
        if same and (_key(first) is None or _key(first) != _key(step)):
            yield first


def _key(step: Step) -> Node | None:
    return next((use.expression.tree for use in step.facts.uses if use.purpose == "key"), None)


def _paid_again(app: AppFacts, tool: ToolFacts, step: Step, first: Step) -> Found:
    name, before = step.facts.name, first.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` pays once more where nobody knows whether `{before}` has moved the money",
        help=f"give both the same `key`, or say `on_unknown: park` in `{before}` so that an operator looks",
        witness=witness(
            tool.graph,
            [Moment(first, "moves the money, and the answer of every attempt is lost")],
            f"`{name}` sends another key: the provider takes it for a new payment, and the money moves twice",
        ),
        related=(Related(first.facts.span, "this may have been paid"),),
        detail="again",
    )


def _found(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    name = step.facts.name
    retry = step.facts.outside.policy.retry if step.facts.outside else None
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"nothing says what happens when the outcome of the payment `{name}` stays unknown",
        help=f"say `on_unknown: park` in `{name}` so that an operator looks, or name the operation that finds the"
        " payment as `lookup` in the connector",
        witness=witness(
            tool.graph,
            [Moment(step, "moves the money, and the answer of every attempt is lost")],
            "the run takes it for a failure and says that nothing was paid, while the money is gone",
        ),
        related=(Related(retry.span, "retried here"),) if retry else (),
        fix=added_key(step.facts, "retry", "on_unknown: park"),
    )


RULE = Rule(
    id="PAY007",
    name="unknown-outcome-unhandled",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
