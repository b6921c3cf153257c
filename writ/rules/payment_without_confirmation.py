"""Nothing keeps the reference under which the provider knows a payment.

Catches:
    A `payment` whose `reference` no transaction behind it writes into a field.

Dangerous because:
    The reference is the only name the money has at the provider. Without it nobody can refund the payment, find it in
    a statement or tell it from another one of the same amount.

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
    - transaction: confirming
      nodes:
        - transition: paid
          entity: Order
          where: {id: order.id}
          to: paid
          set: {payment: charge.reference}

Cannot see:
    Whether the field is one that somebody looks for it in, and whether every way on from the payment comes to that
    write: it is enough that one does. A tool that is called with the reference is believed to keep it. It is only
    likely, because a provider may also be asked by a number of the app's own that was sent along.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.nodes.facts import Use
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Payments whose reference is lost when the run ends."""
    for tool, step in app.steps("payment"):
        if step.transaction is None and not any(_keeps(tool, one, step) for one in tool.graph.after(step)):
            yield _found(app, tool, step)


def _keeps(tool: ToolFacts, later: Step, payment: Step) -> bool:
    wanted = "set" if later.transaction is not None else "call"
    return any(use.purpose == wanted and _is_reference(tool, use, payment) for use in later.facts.uses)


def _is_reference(tool: ToolFacts, use: Use, payment: Step) -> bool:
    origins = tool.data.of_use(use)
    return any(it.step == payment.index and it.kind == "response" and not it.name.endswith(".status") for it in origins)


def _found(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"nothing keeps `{name}.reference`: nobody can find this payment at the provider again",
        help=f"write it into a field in a transaction behind `{name}`, e.g. `set: {{payment: {name}.reference}}`",
    )


RULE = Rule(
    id="PAY006",
    name="payment-no-confirm",
    severity=Severity.risk,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
