"""A call to the outside has no end, or an attempt of it has none.

Catches:
    An `http` or `payment` node, or the operation that compensates one, without `start_to_close` (how long one attempt
    may take) or without `schedule_to_close` (how long all attempts may take with the pauses between them).

Dangerous because:
    A service that accepts a request and never answers holds the run for ever: nobody is told, nothing is compensated,
    and what the run holds for its customer stays held.

Avoid:
    - http: parcel
      connector: carrier
      operation: create_parcel
      body: {order: order.id}
      timeouts: {start_to_close: 10s}

Prefer:
    - http: parcel
      connector: carrier
      operation: create_parcel
      body: {order: order.id}
      timeouts: {start_to_close: 10s, schedule_to_close: 2m}

Cannot see:
    Whether the times fit the service: a minute may be short for one and long for another. The timeouts of a transaction
    are TXN006's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Fix, Found, Severity
from writ.graph.app import AppFacts
from writ.graph.attempts import Attempted, attempted
from writ.graph.edits import added_key
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule

_MEANS = {
    "start_to_close": "how long one attempt may take",
    "schedule_to_close": "how long all attempts together may take",
}


def check(app: AppFacts) -> Iterator[Found]:
    """Calls, and the calls that compensate them, that may take for ever."""
    for call in attempted(app, "external", "payment"):
        stated = {"start_to_close": call.policy.start_to_close, "schedule_to_close": call.policy.schedule_to_close}
        missing = [name for name, seconds in stated.items() if seconds is None]
        if missing:
            yield _found(app, call, missing)


def _found(app: AppFacts, call: Attempted, missing: list[str]) -> Found:
    names = " and no ".join(f"`{name}`" for name in missing)
    return Found(
        span=call.span,
        path=app.path(call.tool, call.step),
        message=f"{call.what} has no {names}",
        help=f"write {' and '.join(f'`{name}` ({_MEANS[name]})' for name in missing)} under `timeouts` of {call.what}",
        witness=witness(
            call.tool.graph,
            [Moment(call.step, _happens(call))],
            f"`{call.tool.name}` waits for ever, and nobody is told",
        ),
        fix=_fix(call),
        detail=call.detail,
    )


def _fix(call: Attempted) -> Fix | None:
    """Only where no `timeouts` are written at all: a key stands once in a node."""
    keys = call.step.facts.keys
    if call.compensates or "timeouts" in keys:
        return None
    beside = next((key for key in ("retry", "operation", "url") if key in keys), "")
    return added_key(call.step.facts, beside, "timeouts: {start_to_close: 10s, schedule_to_close: 2m}")


def _happens(call: Attempted) -> str:
    if call.compensates:
        return "succeeds, is compensated later, and the service does not answer to that"
    return "is sent, and the service never answers"


RULE = Rule(
    id="EXT001",
    name="no-timeout",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
