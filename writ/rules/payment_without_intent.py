"""Money moves before any row says that it was going to.

Catches:
    A `payment` before which not every run has committed a write: there is no transaction before it, or it only reads,
    or the write stands in a branch, in another branch of the same `parallel`, or may touch no row at all
    (`expect_rows` from 0).

Dangerous because:
    When the worker dies between the payment and the next commit, the provider holds money that no row of the app
    knows of. There is nothing to reconcile with, and nobody to give it back to.

Avoid:
    - transaction: looking
      nodes:
        - read: order
          entity: Order
          where: {id: input.order}
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total

Prefer:
    - transaction: placing
      nodes:
        - create: order
          entity: Order
          set: {product: product.id, total: product.price}
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total

Cannot see:
    Whether the row that was written tells of this payment: any row that is created, changed, moved to another state or
    archived counts, and so does a call of a tool that writes. Not whether the tool is only called by others that wrote
    the intent: each tool can be called by itself. A payment inside a transaction is PAY001's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule

_TELLING = frozenset({"create", "update", "transition", "archive"})


def check(app: AppFacts) -> Iterator[Found]:
    """Payments that come before anything lasting."""
    for tool, step in app.steps("payment"):
        if step.transaction is None and not any(_intends(app, tool, one, step) for one in tool.graph.steps):
            yield _found(app, tool, step)


def _intends(app: AppFacts, tool: ToolFacts, one: Step, payment: Step) -> bool:
    """Whether every run that comes to the payment has committed this step, and it wrote at least one row."""
    if not tool.graph.always_before(one, payment) or tool.graph.concurrent(one, payment):
        return False
    write = one.facts.write
    if write is not None:
        return one.transaction is not None and write.kind in _TELLING and write.rows[0] > 0
    return one.facts.calls is not None and "write" in app.effects(one.facts.calls)


def _found(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"no transaction has written anything for sure when the payment `{name}` moves money",
        help=f"put a transaction before `{name}` that writes what is going to be paid, for example with a `create` or a"
        " `transition`",
        witness=witness(
            tool.graph,
            [*_beside(tool, step), Moment(step, "succeeds: the money has moved")],
            "the worker dies before the next commit, and in this run no row tells of the money",
        ),
    )


def _beside(tool: ToolFacts, step: Step) -> Iterator[Moment]:
    """What starts a write that runs at the same time as the payment, and so may come too late."""
    steps = tool.graph.steps
    for one in steps:
        if one.facts.write is not None and tool.graph.concurrent(one, step):
            places = zip(one.containers, step.containers, strict=False)
            index = next(index for (index, branch), (_, other) in places if branch != other)
            yield Moment(steps[index], f"starts `{one.facts.name}` and `{step.facts.name}` at the same time")
            return


RULE = Rule(
    id="PAY004",
    name="payment-no-intent",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
