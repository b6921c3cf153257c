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
    does: that is why it is only likely. Expressions of the invariants of entities.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.bounds import Bounds, steps_at_most
from writ.graph.flow import Step
from writ.nodes.facts import Use
from writ.rules.rule import Rule

MOST = 10_000
"""Steps that the evaluation of one expression may take."""


def check(app: AppFacts) -> Iterator[Found]:
    """Expressions that can go through more elements than their budget."""
    for tool in app.tools:
        bounds = Bounds(tool.graph, app.app.tools)
        for step in tool.graph.steps:
            scope = bounds.scope(step)
            for use in step.facts.uses:
                steps = steps_at_most(use.expression, scope)
                if steps > MOST:
                    yield _found(app, tool, step, use, steps)


def _found(app: AppFacts, tool: ToolFacts, step: Step, use: Use, steps: int) -> Found:
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"`{use.place}` of `{step.facts.name}` may take {steps:,} steps, and {MOST:,} are all it has",
        help="lower the bounds of its lists, or ask `in` instead of going through a list inside of another",
        detail=use.place,
    )


RULE = Rule(
    id="LIM004",
    name="cost-budget",
    severity=Severity.risk,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
