"""A payment is retried for longer than its provider remembers the key.

Catches:
    A `payment`, or the `compensate` of one, with more than one attempt whose `schedule_to_close` is longer than the
    `window` of its operation's `idempotency`, or whose operation says no `window`. A payment on the path behind the
    failure of another one, with the same `key`, where all that may pass between the first attempt of the one and the
    last of the other (the calls, waits and approvals on that path) is longer than the `window`.

Dangerous because:
    Providers forget a key after a while. The first attempt took the money and its answer was lost; an attempt behind
    the window is a new payment to them. The later an outage ends, the more customers pay twice.

Avoid:
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total
      timeouts: {start_to_close: 20s, schedule_to_close: 48h}
      retry: {max_attempts: 50, initial: 1s, backoff: 2, longest: 1h}

Prefer:
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total
      timeouts: {start_to_close: 20s, schedule_to_close: 12h}
      retry: {max_attempts: 50, initial: 1s, backoff: 2, longest: 1h}

Cannot see:
    Whether the `window` is the provider's: this is arithmetic on the numbers in the documents. A missing
    `schedule_to_close` is EXT001's, a missing `idempotency` PAY003's. An operator who starts a run again by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts
from writ.graph.attempts import Attempted, attempted, repeats
from writ.graph.second_attempts import SecondAttempt, second_attempts
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule
from writ.spec.durations import spelled
from writ.spec.resolved import IdempotencySupport


def check(app: AppFacts) -> Iterator[Found]:
    """Payments and their compensations that may be sent when their key is forgotten."""
    for call in attempted(app, "payment"):
        support = call.operation.idempotency if call.operation else None
        if support is None or call.policy.schedule_to_close is None or not repeats(call.policy):
            continue
        if support.window is None or call.policy.schedule_to_close > support.window:
            yield _found(app, call, call.policy.schedule_to_close, support)
    for tool in app.tools:
        for pair in second_attempts(tool, "payment"):
            yield from _again(app, pair)


def _again(app: AppFacts, pair: SecondAttempt) -> Iterator[Found]:
    operation = pair.again.facts.outside.operation if pair.again.facts.outside else None
    window = operation.idempotency.window if operation and operation.idempotency else None
    if window is None or (pair.longest is not None and pair.longest <= window):
        return
    again, first = pair.again.facts.name, pair.first.facts.name
    lasts = f"up to {spelled(pair.longest)}" if pair.longest is not None else "a time nobody has stated"
    yield Found(
        span=pair.again.facts.span,
        path=app.path(pair.tool, pair.again),
        message=f"`{again}` sends the key of `{first}` again after {lasts}, and it counts for {spelled(window)}",
        help=f"ask for the outcome of `{first}` first, or keep all that lies between the two within {spelled(window)}",
        witness=(
            f"`{first}` moves the money, and its answer is lost on the way",
            f"the run goes the way behind its failure, and comes to `{again}` when the provider has forgotten the key",
            f"`{again}` succeeds: the money has moved twice",
        ),
        related=(Related(pair.first.facts.span, "the key was first sent here"),),
        detail="again",
    )


def _found(app: AppFacts, call: Attempted, whole: float, support: IdempotencySupport) -> Found:
    last = "for a time nobody has stated" if support.window is None else f"for {spelled(support.window)}"
    return Found(
        span=call.span,
        path=app.path(call.tool, call.step),
        message=f"{call.what} is retried for up to {spelled(whole)}, and its key counts {last}",
        help=_way_out(support),
        witness=witness(
            call.tool.graph,
            [Moment(call.step, _first(call))],
            f"the provider is away until it has forgotten the key: it takes the next attempt of {call.what} for a new"
            " payment, and the money moves twice",
        ),
        related=(Related(support.span, f"the key counts {last}"),),
        detail=call.detail,
    )


def _way_out(support: IdempotencySupport) -> str:
    if support.window is None:
        return "say under `idempotency` in the connector how long a key counts, as `window`"
    return f"make `schedule_to_close` at most {spelled(support.window)}, and say what happens then"


def _first(call: Attempted) -> str:
    if call.compensates:
        return "succeeds, and is compensated later: the money goes back, and the answer to that is lost"
    return "moves the money, and its answer is lost on the way"


RULE = Rule(
    id="PAY005",
    name="key-window-exceeded",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
