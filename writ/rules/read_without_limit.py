"""Many rows are read and nobody says how many.

Catches:
    A `read` with `expect: many` and no `limit`.

Dangerous because:
    It works with the ten rows of the first week. Later it reads all of them: the table is scanned, the transaction
    lasts, and what it hands on is too large for a run, which then ends without an answer.

Avoid:
    - read: found
      entity: Order
      where: {state: "'placed'"}
      expect: many

Prefer:
    - read: found
      entity: Order
      where: {state: "'placed'"}
      expect: many
      order: [created_at]
      limit: 100

Cannot see:
    Whether the limit is a sensible one: LIM003 looks at what so many rows weigh. A limit from the input is bounded by
    the system.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.edits import added_key
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Reads of many rows without a bound."""
    for tool, step in app.steps("read"):
        read = step.facts.read
        if read is not None and read.expect == "many" and not read.limited:
            yield _found(app, tool, step, read.entity.name)


def _found(app: AppFacts, tool: ToolFacts, step: Step, entity: str) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` reads rows of `{entity}` without a limit",
        help=f"say how many `{name}` needs at most: `limit: 100`, and `order` for which of them",
        witness=witness(
            tool.graph,
            [Moment(step, f"reads every `{entity}` that matches, and there are more each day")],
            "the result outgrows what a run can carry, and the run ends without an answer",
        ),
        fix=added_key(step.facts, "expect", "limit: 100"),
    )


RULE = Rule(
    id="LIM001",
    name="read-without-limit",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
