"""A transaction has a limit of time switched off.

Catches:
    A `transaction` with `statement_timeout: none` or `timeout: none`.

Dangerous because:
    A statement that waits for a lock then waits without end, and keeps its connection and its own locks meanwhile. A
    few such runs take every connection of the pool, and no tool of the app answers any more.

Avoid:
    - transaction: closing
      timeout: none
      nodes:
        - update: closed
          entity: Product
          where: {id: input.product}
          set: {stock: 0}

Prefer:
    - transaction: closing
      timeout: 5s
      nodes:
        - update: closed
          entity: Product
          where: {id: input.product}
          set: {stock: 0}

Cannot see:
    Whether the work really takes long: no run hangs because of this line alone, another one has to hold what it needs.
    A transaction without these keys has the limits of the engine and is fine.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Edit, Fix, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.nodes.typed import NoTimeout
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """The limits of time that transactions have switched off, each on its own."""
    for tool, step in app.steps():
        for limit in step.facts.block.without if step.facts.block else ():
            yield _found(app, tool, step, limit)


def _found(app: AppFacts, tool: ToolFacts, step: Step, limit: NoTimeout) -> Found:
    what = "a statement of" if limit.key == "statement_timeout" else "the transaction"
    longest = f"{limit.longest_ms // 1000}s"
    return Found(
        span=limit.span,
        path=app.path(tool, step),
        message=f"{what} `{step.facts.name}` may last for ever",
        help=f"remove `{limit.key}`, or write at most `{longest}`",
        fix=Fix(f"write `{limit.key}: {longest}`", (_edit(limit, longest),)),
        detail=limit.key,
    )


def _edit(limit: NoTimeout, longest: str) -> Edit:
    at = limit.span
    return Edit(at.file, at.line, at.column, at.line, at.column + at.length, longest)


RULE = Rule(
    id="TXN006",
    name="no-timeouts",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
