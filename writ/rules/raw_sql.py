"""SQL is written by hand.

Catches:
    Every `sql` node, whatever its text says.

Dangerous because:
    The text is not checked: no types, no life cycle, no invariants, no owner. It can change any row of anybody, and
    nothing in the audit record says which.

Avoid:
    - sql: repair
      statement: "UPDATE \"order\" SET state = 'paid'"

Prefer:
    - transition: repaired
      entity: Order
      where: {id: input.order}
      to: paid

Cannot see:
    SQL in the text of an expression, such as a report's title with `SELECT` in it: a text is only ever a value here and
    is never run, and a search for words would take ordinary sentences for statements. A service outside that runs what
    it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Steps that run a text as SQL."""
    for tool, step in app.steps("write"):
        if step.facts.write is not None and step.facts.write.kind == "sql":
            yield _found(app, tool, step)


def _found(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` runs SQL that nothing has checked",
        help=f"say what `{name}` is for with `read`, `create`, `update`, `transition` or `archive`",
        witness=witness(
            tool.graph,
            [Moment(step, "runs as it is written")],
            "rows of anybody change, in any state and against every invariant, and the audit record cannot say which",
        ),
    )


RULE = Rule(
    id="WRT003",
    name="raw-sql",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
