"""A payment stands inside a transaction, at any depth.

Catches:
    A `payment` node among the nodes of a `transaction`, also inside an `if` or a `switch` of it, and a `call` there of
    a tool that takes a payment, directly or through others.

Dangerous because:
    Money moves outside the database. When a later node of the transaction fails, the database rolls back and the money
    stays gone: nobody has a row that tells of it. While the provider answers, the transaction holds its locks.

Avoid:
    - transaction: booking
      nodes:
        - payment: charge
          connector: payments
          operation: charge
          amount: order.total
        - transition: paid
          entity: Order
          where: {id: order.id}
          to: paid

Prefer:
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

Cannot see:
    A payment that a service behind an `http` node makes on its own: PAY008 looks for those.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Payments, and calls of tools that pay, whose step stands in a transaction."""
    for tool, step in app.steps("payment", "call"):
        block = tool.graph.transaction_of(step)
        if block is not None and (step.facts.effect == "payment" or _pays(app, step)):
            yield _found(app, tool, step, block)


def _pays(app: AppFacts, step: Step) -> bool:
    return step.facts.calls is not None and "payment" in app.effects(step.facts.calls)


def _found(app: AppFacts, tool: ToolFacts, step: Step, block: Step) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"{_named(step)} stands inside the transaction `{block.facts.name}`",
        help=f"move `{name}` behind `{block.facts.name}`, and keep what it answers in a transaction of its own",
        witness=_witness(tool, step, block),
        related=(Related(block.facts.span, "this transaction can still roll back"),),
    )


def _named(step: Step) -> str:
    name, called = step.facts.name, step.facts.calls
    return f"the payment `{name}`" if called is None else f"`{name}`, which calls `{called}` and so takes a payment,"


def _witness(tool: ToolFacts, step: Step, block: Step) -> tuple[str, ...]:
    moments = [Moment(step, "succeeds: the money has moved")]
    later = next((one for one in tool.graph.after(step) if one.transaction == block.index and _stops(one)), None)
    if later is not None:
        moments.append(Moment(later, "fails" if later.facts.fails else "refuses"))
    else:
        moments.append(Moment(block, "cannot commit"))
    return witness(tool.graph, moments, f"`{block.facts.name}` rolls back, and the money is gone without a trace")


def _stops(step: Step) -> bool:
    return step.facts.refuses or step.facts.fails


RULE = Rule(
    id="PAY001",
    name="payment-in-transaction",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
