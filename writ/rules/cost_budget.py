"""An expression can take more steps than it may.

Catches:
    An expression whose folds (`map`, `filter`, `all`, `exists`) go, by the declared bounds of their lists and those
    inside of others multiplied, through more than 10,000 elements.

Dangerous because:
    An expression has a budget of 10,000 steps. With few elements it works; with many the run is refused in the middle
    of its work, and nobody who tried it with little data has seen that.

Avoid:
    - transform: pairs
      value: "input.left.filter(one, input.right.exists(other, other == one))"    # 1,000 times 1,000

Prefer:
    - transform: both
      value: "input.left.filter(one, one in input.right)"

Cannot see:
    Lists without a bound: they count as one element, and TYP006 speaks of those. Whether a fold ends early, as `exists`
    does: that is why it is only likely.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts
from writ.graph.bounds import Bounds, Row, Scope, steps_at_most
from writ.graph.expressions import Placed, every_expression
from writ.rules.rule import Rule
from writ.values.types import Record

MOST = 10_000
"""Steps that the evaluation of one expression may take."""


def check(app: AppFacts) -> Iterator[Found]:
    """Expressions that can go through more elements than their budget."""
    bounds = {tool.name: Bounds(tool.graph, app.app.tools) for tool in app.tools}
    for placed in every_expression(app):
        its = bounds[placed.tool.name] if placed.tool is not None else None
        steps = steps_at_most(placed.expression, its.scope(placed.step) if its else _of_row(app, placed))
        if steps > MOST:
            yield _found(placed, steps)


def _of_row(app: AppFacts, placed: Placed) -> Scope:
    row = placed.types.get("this")
    return {"this": Row(app.app.entities[row.name])} if isinstance(row, Record) else {}


def _found(placed: Placed, steps: int) -> Found:
    whose = placed.step.facts.name if placed.step is not None else placed.path.rpartition(".")[2]
    return Found(
        span=placed.expression.span,
        path=placed.path,
        message=f"an expression of `{whose}` may take {steps:,} steps, and {MOST:,} are all it has",
        help="lower the bounds of its lists, or ask `in` instead of going through a list inside of another",
        detail=placed.expression.source,
    )


RULE = Rule(
    id="LIM004",
    name="cost-budget",
    severity=Severity.risk,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
