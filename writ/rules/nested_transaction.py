"""A transaction stands inside another one, also through a called tool.

Catches:
    A `transaction` among the nodes of a `transaction`, at any depth, and a `call` there of another tool: a called tool
    is a run with transactions and an audit record of its own.

Dangerous because:
    PostgreSQL has no transaction in a transaction. The inner one would either not be kept when it ends, although the
    author wrote that it is, or commit on its own and stay when the outer one rolls back. Neither is what stands there.

Avoid:
    - transaction: placing
      nodes:
        - create: order
          entity: Order
          set: {product: input.product}
        - transaction: counting
          nodes:
            - update: held
              entity: Product
              where: {id: input.product}
              set: {stock: 0}

Prefer:
    - transaction: placing
      nodes:
        - create: order
          entity: Order
          set: {product: input.product}
        - update: held
          entity: Product
          where: {id: input.product}
          set: {stock: 0}

Cannot see:
    Nothing that is written: it is decided by where the nodes stand. A called tool that pays, goes outside or waits is
    PAY001's, TXN002's or TXN003's.
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
    """Transactions, and calls of tools that do nothing worse, whose step stands in a transaction."""
    for tool, step in app.steps():
        block = tool.graph.transaction_of(step)
        if block is not None and foreign(app, step) == "transaction":
            yield _found(app, tool, step, block)


def _found(app: AppFacts, tool: ToolFacts, step: Step, block: Step) -> Found:
    name, around = step.facts.name, block.facts.name
    moments = [Moment(step, _done(step)), Moment(block, "cannot commit")]
    called = step.facts.calls
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` {_what(step)} inside the transaction `{around}`",
        help=f"move `{name}` before or behind `{around}`" if called else _unwrapped(name, around),
        witness=witness(tool.graph, moments, _end(step, around)),
        related=(Related(block.facts.span, "the transaction around it"),),
    )


def _what(step: Step) -> str:
    called = step.facts.calls
    return "is a transaction" if called is None else f"calls `{called}`, a run of its own,"


def _unwrapped(name: str, around: str) -> str:
    return f"write the nodes of `{name}` among those of `{around}`, or move `{name}` behind `{around}`"


def _done(step: Step) -> str:
    return "ends, and reads as if it were kept" if step.facts.calls is None else "has committed and is audited"


def _end(step: Step, around: str) -> str:
    if step.facts.calls is None:
        return f"`{around}` rolls back, and takes with it what `{step.facts.name}` seemed to have kept"
    return f"`{around}` rolls back, and what `{step.facts.calls}` committed stays"


RULE = Rule(
    id="TXN004",
    name="nested-transaction",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
