"""A compensation does not say what it undoes, or has no retry policy of its own.

Catches:
    A `compensate` with an `operation` whose inputs hold nothing of the response of the call it undoes (for a payment:
    whose `of` holds no more than its `status`), and one without `retry`.

Dangerous because:
    A refund that does not name the charge finds nothing, or the wrong one. And a compensation is what a run does when
    it has failed already: without `retry` it is tried once, or for ever, just when the service is in trouble.

Avoid:
    compensate:
      operation: refund

Prefer:
    compensate:
      operation: refund
      with: {of: charge.reference}
      timeouts: {start_to_close: 20s, schedule_to_close: 6h}
      retry: {max_attempts: 20, initial: 1s, backoff: 2, longest: 30m}

Cannot see:
    Whether the operation really is the inverse, and whether the service also finds the call by something that was sent
    to it (an order's own id): that is why it is only likely. A compensation that is a `transition` undoes rows, which
    its `where` names, in a transaction with limits of its own. A compensation without `timeouts` is EXT001's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.showing import shown
from writ.nodes.facts import Outside
from writ.nodes.typed_terms import Compensation
from writ.rules.rule import Rule
from writ.values.types import Record


def check(app: AppFacts) -> Iterator[Found]:
    """Compensations by an operation that lack the reference of what they undo, or a retry policy."""
    for tool, step in app.steps("external", "payment"):
        outside = step.facts.outside
        compensation = outside.compensation if outside else None
        if outside is None or compensation is None or compensation.operation is None:
            continue
        if not _refers(tool, step, outside, compensation):
            yield _no_reference(app, tool, step, outside, compensation)
        if compensation.policy.retry is None:
            yield _no_policy(app, tool, step, compensation)


def _refers(tool: ToolFacts, step: Step, outside: Outside, compensation: Compensation) -> bool:
    inputs = [it for place, it in compensation.inputs.items() if outside.payment is None or place == "of"]
    origins = (it for one in inputs for it in shown(tool.data, one) if it.kind == "response" and it.step == step.index)
    return any(outside.payment is None or not it.name.endswith(".status") for it in origins)


def _no_reference(app: AppFacts, tool: ToolFacts, step: Step, outside: Outside, compensation: Compensation) -> Found:
    name, operation = step.facts.name, compensation.operation
    return Found(
        span=compensation.span,
        path=app.path(tool, step),
        message=f"`{operation}` is not told what `{name}` answered, so it cannot know what to undo",
        help=_way_out(name, outside),
        detail="reference",
    )


def _way_out(name: str, outside: Outside) -> str:
    if outside.payment is not None:
        return f"add `with: {{of: {name}.reference}}`"
    answered = outside.operation.response_type if outside.operation else None
    fields = [field.name for field in answered.fields] if isinstance(answered, Record) else []
    what = f"`{name}.{fields[0]}`" if fields else f"something that `{name}` answered"
    return f"give it {what} in its `with`"


def _no_policy(app: AppFacts, tool: ToolFacts, step: Step, compensation: Compensation) -> Found:
    return Found(
        span=compensation.span,
        path=app.path(tool, step),
        message=f"`{compensation.operation}`, which undoes `{step.facts.name}`, has no `retry` of its own",
        help="add `retry` to `compensate`, with more patience than the call itself has",
        detail="policy",
    )


RULE = Rule(
    id="EXT008",
    name="compensation-not-inverse",
    severity=Severity.harm,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
