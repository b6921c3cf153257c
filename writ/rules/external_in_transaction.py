"""A service outside is called inside a transaction, at any depth.

Catches:
    An `http` node among the nodes of a `transaction`, also inside an `if` or a `switch` of it, and a `call` there of a
    tool that calls a service outside, directly or through others.

Dangerous because:
    A rollback undoes nothing outside the database: the parcel is ordered although the order was never kept. And while
    the service answers, the transaction holds its locks: one slow service stops everybody who needs the same rows.

Avoid:
    - transaction: shipping
      nodes:
        - transition: shipped
          entity: Order
          where: {id: input.order}
          to: shipped
        - http: handed_over
          connector: carrier
          operation: create_parcel
          body: {order: input.order}

Prefer:
    - http: handed_over
      connector: carrier
      operation: create_parcel
      body: {order: input.order}
    - transaction: shipping
      nodes:
        - transition: shipped
          entity: Order
          where: {id: input.order}
          to: shipped

Cannot see:
    What stands behind an `emit`: it is kept in the outbox, delivered only once the transaction has committed, and so it
    is fine here. A payment, also that of a called tool, is PAY001's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.blocks import foreign
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Calls to the outside, and calls of tools that make some, whose step stands in a transaction."""
    for tool, step in app.steps("external", "call"):
        block = tool.graph.transaction_of(step)
        if block is not None and foreign(app, step) == "outside":
            yield _found(app, tool, step, block)


def _found(app: AppFacts, tool: ToolFacts, step: Step, block: Step) -> Found:
    name, around = step.facts.name, block.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` calls {_whom(step)} inside the transaction `{around}`",
        help=f"move `{name}` before or behind `{around}`; what only has to be told, `emit`",
        witness=_witness(tool, step, block),
        related=(Related(block.facts.span, "this transaction can still roll back, and holds its locks"),),
    )


def _whom(step: Step) -> str:
    outside = step.facts.outside
    if step.facts.calls is not None:
        return f"`{step.facts.calls}`, a tool that goes outside,"
    if outside is None or outside.connector is None:
        return "an address outside"
    return f"the service `{outside.connector.name}`"


def _witness(tool: ToolFacts, step: Step, block: Step) -> tuple[str, ...]:
    if _only_asks(step):
        moment = Moment(step, f"waits for an answer: `{block.facts.name}` holds its locks meanwhile")
        end = f"whoever needs the same rows waits too, and `{block.facts.name}` is cut off at its timeout"
        return witness(tool.graph, [moment], end)
    moments = [Moment(step, "succeeds: the service outside has done it")]
    later = next((one for one in tool.graph.after(step) if _stops(one, step, block)), None)
    if later is not None:
        moments.append(Moment(later, "fails" if later.facts.fails else "refuses"))
    else:
        moments.append(Moment(block, "cannot commit"))
    return witness(tool.graph, moments, f"`{block.facts.name}` rolls back, and what was done outside stays")


def _only_asks(step: Step) -> bool:
    outside = step.facts.outside
    return outside is not None and outside.operation is not None and outside.operation.effect == "none"


def _stops(later: Step, step: Step, block: Step) -> bool:
    stops = later.facts.refuses or later.facts.fails
    return stops and later.transaction == block.index and later.index != step.index


RULE = Rule(
    id="TXN002",
    name="external-in-transaction",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
