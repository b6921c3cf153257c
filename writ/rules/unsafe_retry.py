"""A call that changes something outside is repeated, and the service cannot tell the repetition.

Catches:
    An `http` node, or the operation that compensates one, with more than one attempt (or with attempts without end)
    whose operation has an effect and no `idempotency`. And the `key` of such a node that is made from `now` and nothing
    else: it says when something was asked for and not what.

Dangerous because:
    An answer that is lost looks like a request that was lost. The repetition is a second parcel, a second mail, a
    second order at the supplier. Under a key that is the time alone, two runs of one moment are one request to the
    service, and the same request made again a moment later is two.

Avoid:
    operations:
      create_parcel:
        effect: reversible
        method: POST
        path: /parcels

Prefer:
    operations:
      create_parcel:
        effect: reversible
        method: POST
        path: /parcels
        idempotency: {header: Idempotency-Key, window: 72h}

Cannot see:
    Whether the service honours the key. `PUT` and `DELETE` are left out: HTTP says that repeating them changes nothing
    more. A call that says nothing of `retry` is EXT002's, `payment` nodes are PAY003's, an address written in the node
    is EXT005's. A key that holds the time beside something else may be meant: one reminder a day.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.acting import has_effect
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.attempts import Attempted, attempted, repeats
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.spec.resolved import Operation

_REPEATABLE = frozenset({"PUT", "DELETE"})


def check(app: AppFacts) -> Iterator[Found]:
    """Calls with an effect that are made again without a key."""
    for call in attempted(app, "external"):
        operation = call.operation
        if operation is not None and repeats(call.policy) and _doubles(operation):
            yield _found(app, call, operation)
    for tool, step in app.steps("external"):
        yield from (_by_time(app, tool, step, use) for use in step.facts.uses if _is_time(tool, step, use))


def _is_time(tool: ToolFacts, step: Step, use: Use) -> bool:
    """Whether it is a key that depends on nothing but the time; with the day in it beside something else it may."""
    outside = step.facts.outside
    harmless = outside is not None and outside.operation is not None and outside.operation.effect == "none"
    return use.purpose == "key" and not harmless and {it.kind for it in tool.data.of_use(use)} == {"time"}


def _by_time(app: AppFacts, tool: ToolFacts, step: Step, key: Use) -> Found:
    name = step.facts.name
    return Found(
        span=key.expression.span,
        path=app.path(tool, step),
        message=f"the key of `{name}` is the time and nothing else",
        help="leave `key` out, or make it from the `id` of the row it is about, or from `run.id`",
        witness=(
            *witness(tool.graph, [Moment(step, "is done by the service")], f"`{tool.name}` was called twice at once"),
            f"`{name}` of the other run sends the same key: it is answered with this outcome, and nothing happens",
        ),
        detail="key",
    )


def _doubles(operation: Operation) -> bool:
    return has_effect(operation) and operation.idempotency is None and operation.method not in _REPEATABLE


def _found(app: AppFacts, call: Attempted, operation: Operation) -> Found:
    retry = call.policy.retry
    return Found(
        span=retry.span if retry else call.span,
        path=app.path(call.tool, call.step),
        message=f"{call.what} is tried more than once, and `{operation.name}` has no `idempotency`",
        help=f"say `max_attempts: 1`, or in `{operation.name}` under `idempotency` which header carries the key if the"
        " service has that",
        witness=witness(
            call.tool.graph,
            [Moment(call.step, _happens(call, operation))],
            f"`{operation.name}` is sent again, and the service does it a second time",
        ),
        related=(Related(operation.span, "this has no `idempotency`"),),
        detail=call.detail,
    )


def _happens(call: Attempted, operation: Operation) -> str:
    if call.compensates:
        return f"succeeds, is compensated by `{operation.name}` later, and the answer to that is lost"
    return "is done by the service, and its answer is lost on the way"


RULE = Rule(
    id="EXT003",
    name="retry-unsafe",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
