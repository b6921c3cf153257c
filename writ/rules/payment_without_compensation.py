"""A payment succeeds, the run stops behind it, and nothing gives the money back.

Catches:
    A `payment` behind which a run can still end with a refusal or a failure (a transaction that does not commit, a
    `require`, another call), and which has neither a `compensate` that gives the money back nor `pivot: true` nor a
    pivot before it. Behind a pivot, an end that the author wrote all the same: a `refuse` or a `require`. What only
    happens when its own `status` is `declined` does not count: then no money has moved.

Dangerous because:
    The money has moved and what it was paid for does not happen. No part of the run knows that it owes somebody: the
    customer finds out first.

Avoid:
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total
    - transaction: confirming
      nodes:
        - transition: paid
          entity: Order
          where: {id: order.id}
          to: paid

Prefer:
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total
      compensate:
        operation: refund
        with: {of: charge.reference}
        timeouts: {start_to_close: 20s, schedule_to_close: 6h}
        retry: {max_attempts: 20, initial: 1s, backoff: 2, longest: 30m}

Cannot see:
    Whether the compensation gives back all that was taken: it must be an operation with an effect, and none that takes
    money. EXT008 asks for the provider's reference. What the caller of this tool does once it has answered: each tool
    is judged on its own. A payment inside a transaction is PAY001's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.supposing import unsecured_stop
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule

_GIVES_AWAY = frozenset({"refund", "payout"})


def check(app: AppFacts) -> Iterator[Found]:
    """Payments that stand while the run ends without its answer."""
    for tool, step in app.steps("payment"):
        stop = unsecured_stop(tool.graph, step)
        if stop is not None and step.transaction is None:
            yield _found(app, tool, step, stop)


def _found(app: AppFacts, tool: ToolFacts, step: Step, stop: Step) -> Found:
    name, later = step.facts.name, stop.facts.name
    how = "refuse" if _refuses(stop) else "fail"
    whose = f"`{later}`" if stop is not step else "a later round of it"
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"the money of `{name}` has moved when {whose} {how}s: {_missing(step)}",
        help=_way_out(step),
        witness=witness(
            tool.graph,
            [Moment(step, "succeeds: the money has moved"), Moment(stop, f"{how}s")],
            f"`{tool.name}` ends without its answer, and nothing undoes `{name}`",
        ),
        related=(Related(stop.facts.span, f"this can {how} when the money has moved"),) if stop is not step else (),
    )


def _refuses(stop: Step) -> bool:
    return stop.facts.refuses or stop.facts.effect == "refusal"


def _missing(step: Step) -> str:
    outside = step.facts.outside
    if outside is not None and outside.compensation is not None:
        return "its `compensate` gives nothing back"
    if outside is not None and outside.pivot:
        return "behind a `pivot` nothing gives it back"
    return "it has no `compensate` and is no `pivot`"


def _way_out(step: Step) -> str:
    name, outside = step.facts.name, step.facts.outside
    if outside is not None and outside.pivot:
        return f"check before `{name}`: from a `pivot` on, a run only goes forward"
    if outside is not None and outside.payment in _GIVES_AWAY:
        return f"say `pivot: true` in `{name}`, so that the run only goes forward from there, and check before it"
    undoing = outside.operation.compensate_with if outside and outside.operation else None
    return f"give `{name}` a `compensate` with the operation `{undoing or 'refund'}` and `{name}.reference`"


RULE = Rule(
    id="PAY002",
    name="payment-no-compensation",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
