"""A run rests, or people decide, inside a transaction.

Catches:
    A `wait` or an `approval` among the nodes of a `transaction`, also inside an `if` or a `switch` of it, and a `call`
    there of a tool that waits or asks for an approval, directly or through others.

Dangerous because:
    A transaction lasts seconds, people take days. It would hold its locks and its connection all that time, and it is
    cut off at its timeout, long before anybody has answered: the work can never be done.

Avoid:
    - transaction: refunding
      nodes:
        - read: order
          entity: Order
          where: {id: input.order}
        - approval: agreed
          roles: [manager]
          of: {order: order.id}
          else: not_agreed

Prefer:
    - transaction: looking
      nodes:
        - read: order
          entity: Order
          where: {id: input.order}
    - approval: agreed
      roles: [manager]
      of: {order: order.id, version: order.version}
      else: not_agreed
    - transaction: refunding
      nodes:
        - transition: refunded
          entity: Order
          where: {id: order.id, version: order.version}
          to: refunded

Cannot see:
    A service that takes its time to answer: a call to the outside in a transaction is TXN002's, a payment PAY001's,
    and so is a tool called there that does both.
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
    """Waits and approvals, and calls of tools with some, whose step stands in a transaction."""
    for tool, step in app.steps("wait", "approval", "call"):
        block = tool.graph.transaction_of(step)
        if block is not None and foreign(app, step) == "rest":
            yield _found(app, tool, step, block)


def _found(app: AppFacts, tool: ToolFacts, step: Step, block: Step) -> Found:
    name, around = step.facts.name, block.facts.name
    moment = Moment(step, f"begins: `{around}` holds its locks and its connection meanwhile")
    end = f"`{around}` is cut off at its timeout and rolls back, however the waiting ends"
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` {_what(step)} inside the transaction `{around}`",
        help=f"end `{around}` before `{name}`, and write behind it in a transaction that compares the `version`",
        witness=witness(tool.graph, [moment], end),
        related=(Related(block.facts.span, "this transaction would stay open"),),
    )


def _what(step: Step) -> str:
    if step.facts.calls is not None:
        return f"calls `{step.facts.calls}`, which waits,"
    return "waits for people" if step.facts.effect == "approval" else "waits"


RULE = Rule(
    id="TXN003",
    name="wait-in-transaction",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
