"""Nothing says how often a call to the outside is repeated, or it is repeated without end.

Catches:
    An `http` or `payment` node without `retry`, and one whose `retry`, or that of its compensation, has
    `max_attempts: unlimited`.

Dangerous because:
    An author who says nothing gets a default nobody thought about for this service. A call that is repeated without end
    keeps a service that has just fallen over from getting up, and hides for hours that it does not work.

Avoid:
    - http: parcel
      connector: carrier
      operation: create_parcel
      body: {order: order.id}
      timeouts: {start_to_close: 10s, schedule_to_close: 2m}

Prefer:
    - http: parcel
      connector: carrier
      operation: create_parcel
      body: {order: order.id}
      timeouts: {start_to_close: 10s, schedule_to_close: 2m}
      retry: {max_attempts: 3, initial: 1s, backoff: 2, longest: 30s, not_on: [400]}

Cannot see:
    Whether the numbers fit the service. It is a risk and no harm of its own, because `schedule_to_close` ends even
    attempts without number. A compensation without `retry` is EXT008's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts
from writ.graph.attempts import Attempted, attempted
from writ.graph.edits import added_key
from writ.rules.rule import Rule
from writ.source import Span

_EXAMPLE = "retry: {max_attempts: 3, initial: 1s, backoff: 2, longest: 30s, not_on: [400]}"


def check(app: AppFacts) -> Iterator[Found]:
    """Calls without a number of attempts."""
    for call in attempted(app, "external", "payment"):
        retry = call.policy.retry
        if retry is None and not call.compensates:
            yield _found(app, call, call.span, f"nothing says how often {call.what} is tried")
        elif retry is not None and retry.max_attempts is None:
            yield _found(app, call, retry.span, f"{call.what} is tried again and again, without a number")


def _found(app: AppFacts, call: Attempted, span: Span, message: str) -> Found:
    return Found(
        span=span,
        path=app.path(call.tool, call.step),
        message=message,
        help=f"say in {call.what} how often at most, for example `{_EXAMPLE}`",
        fix=added_key(call.step.facts, _beside(call), _EXAMPLE) if call.policy.retry is None else None,
        detail=call.detail,
    )


def _beside(call: Attempted) -> str:
    behind = ("on_error", "on_unknown", "fallback", "compensate", "timeouts", "operation", "url")
    return next((key for key in behind if key in call.step.facts.keys), "")


RULE = Rule(
    id="EXT002",
    name="no-retry-policy",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
