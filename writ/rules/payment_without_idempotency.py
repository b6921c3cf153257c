"""A payment cannot be repeated safely, because the provider does not recognise the repetition.

Catches:
    An operation that a `payment` or the `compensate` of one uses and that has no `idempotency` in its connector. And
    the `key` of a payment that is made from `now` or from claims of the token and not from `run.id`: it is another one
    when the same thing is asked for again.

Dangerous because:
    A time-out says nothing about whether the money moved, so the request is repeated. Without a key that stays the
    same, or with a provider that does not look at it, every repetition takes the money once more.

Avoid:
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total
      key: "string(order.id) + string(now)"

Prefer:
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total
      key: "string(order.id)"

Cannot see:
    Whether the provider does what the connector's `idempotency` says of it, and whether a field that a key is made
    from tells two payments apart. Keys that are the same for too much are PAY009's, `http` nodes EXT003's. Without
    `key` it is derived from run and node, which is always right.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.attempts import Attempted, attempted
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.spec.resolved import Connector, Operation

_UNSTEADY = {"time": "`now`", "claims": "claims of the token"}


def check(app: AppFacts) -> Iterator[Found]:
    """Operations that move money and know no key, each once, and keys that do not stay the same."""
    told: set[tuple[str, str]] = set()
    for call in attempted(app, "payment"):
        if call.connector and call.operation and call.operation.idempotency is None:
            if (call.connector.name, call.operation.name) not in told:
                yield _without_key(app, call, call.connector, call.operation)
            told.add((call.connector.name, call.operation.name))
    for tool, step in app.steps("payment"):
        yield from (_unsteady(app, tool, step, use) for use in step.facts.uses if _source(tool, use))


def _without_key(app: AppFacts, call: Attempted, connector: Connector, operation: Operation) -> Found:
    called = f"{connector.name}.{operation.name}"
    return Found(
        span=operation.span,
        path=f"{app.app.name}.{connector.name}/{operation.name}",
        message=f"`{called}` moves money and has no `idempotency`: a repeated request is a new payment",
        help=f"say in `{operation.name}` under `idempotency` which header carries the key and for how long it counts,"
        " or use a provider that has this",
        witness=_twice(
            call.tool, _lost(call), f"{call.what} is sent again, without anything that tells it is the same"
        ),
        related=(Related(call.span, "used here"),),
    )


def _source(tool: ToolFacts, use: Use) -> str | None:
    """What a key is made from that is another the next time; with `run.id` in it, it is one key a run all the same."""
    if use.purpose != "key":
        return None
    kinds = {origin.kind for origin in tool.data.of_use(use)}
    return None if "run" in kinds else next((words for kind, words in _UNSTEADY.items() if kind in kinds), None)


def _unsteady(app: AppFacts, tool: ToolFacts, step: Step, use: Use) -> Found:
    name, source = step.facts.name, _source(tool, use)
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"the key of the payment `{name}` is made from {source}, so it is another one each time",
        help="leave `key` out, or make it from the `id` of the row that is paid, or from `run.id`",
        witness=_twice(
            tool,
            Moment(step, "moves the money, and its answer is lost on the way"),
            f"`{tool.name}` is called again for the same, and {source} gives another key",
        ),
        detail="key",
    )


def _lost(call: Attempted) -> Moment:
    if call.compensates:
        return Moment(call.step, "is compensated later: the money goes back, and the answer to that is lost")
    return Moment(call.step, "moves the money, and its answer is lost on the way")


def _twice(tool: ToolFacts, first: Moment, again: str) -> tuple[str, ...]:
    return (*witness(tool.graph, [first], again), "the provider takes it for a new payment: the money moves twice")


RULE = Rule(
    id="PAY003",
    name="payment-no-idempotency",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
