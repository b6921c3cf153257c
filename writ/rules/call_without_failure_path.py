"""A call that changes something outside may fail, and nothing says what happens then.

Catches:
    An `http` node whose operation has an effect, or a `payment`, that has none of `on_error`, `fallback`, `compensate`
    and `pivot: true`.

Dangerous because:
    The run ends in the middle: what was committed before stays, what should have come after does not, and nobody has
    decided that this is how it should be.

Avoid:
    - http: parcel
      connector: carrier
      operation: create_parcel
      body: {order: order.id}

Prefer:
    - http: parcel
      connector: carrier
      operation: create_parcel
      body: {order: order.id}
      on_error:
        - refuse: carrier_away

Cannot see:
    Whether the path that is written puts right what was begun. It is a risk only, because a failed run is told to its
    caller and to operators. A payment behind which a run can stop is PAY002's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.acting import has_effect
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.supposing import unsecured_stop
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Effects outside without a word about their failure."""
    for tool, step in app.steps("external", "payment"):
        if _changes(step) and not _is_answered(step) and not _is_payment_that_stays(tool, step):
            yield _found(app, tool, step)


def _changes(step: Step) -> bool:
    operation = step.facts.outside.operation if step.facts.outside else None
    return operation is not None and has_effect(operation)


def _is_answered(step: Step) -> bool:
    outside = step.facts.outside
    return outside is not None and (outside.failure_path or outside.pivot or outside.compensation is not None)


def _is_payment_that_stays(tool: ToolFacts, step: Step) -> bool:
    return step.facts.effect == "payment" and unsecured_stop(tool.graph, step) is not None


def _found(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"nothing says what happens when `{name}` fails",
        help=f"give `{name}` an `on_error`, for example with a `refuse`, or a `compensate` if the run may fail later",
    )


RULE = Rule(
    id="EXT004",
    name="no-failure-path",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
