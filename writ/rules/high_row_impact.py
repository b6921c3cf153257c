"""One call changes more than a hundred rows.

Catches:
    `expect_rows` or `create … over` with a `max` above 100, and writes inside repetitions whose numbers multiplied are
    above 100.

Dangerous because:
    A mistake, or a wrong input, reaches that many rows before anybody sees it; the transaction holds as many locks and
    lasts as long.

Avoid:
    - transition: expired
      entity: Order
      where: {state: "'placed'"}
      to: cancelled
      expect_rows: {at_most: 1000}

Prefer:
    - transition: expired
      entity: Order
      where: {state: "'placed'"}
      to: cancelled
      expect_rows: {at_most: 100}

Cannot see:
    Rows that a called tool changes: they count where it is written. It is a risk and not harm: a large batch can be
    just what is meant. A repetition without a bound, or above 10,000, is LIM002's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.repetition import TOO_OFTEN, times_of
from writ.rules.rule import Rule

MOST = 100
"""Rows that one call may change without a word."""


@dataclass(frozen=True, slots=True)
class _Impact:
    """How many rows, and the step that makes them so many: the write itself, or what repeats it."""

    rows: int
    cause: Step


def check(app: AppFacts) -> Iterator[Found]:
    """Writes, and what repeats writes, above the limit; each cause once, with the most rows."""
    for tool in app.tools:
        worst: dict[int, _Impact] = {}
        for step in tool.graph.steps:
            impact = _impact(tool, step)
            if impact is not None:
                known = worst.setdefault(impact.cause.index, impact)
                worst[impact.cause.index] = max(known, impact, key=lambda one: one.rows)
        for impact in worst.values():
            yield _found(app, tool, impact)


def _impact(tool: ToolFacts, step: Step) -> _Impact | None:
    most = step.facts.write.rows[1] if step.facts.write else None
    if most is None or times_of(tool.graph, step) > TOO_OFTEN:
        return None
    rows, cause = most, step if most > MOST else None
    for one in tool.graph.repeated(step):
        times = one.facts.repetition.most if one.facts.repetition else None
        rows *= 1 if times is None else times
        if cause is None and rows > MOST:
            cause = one
    return _Impact(rows, cause) if cause is not None else None


def _found(app: AppFacts, tool: ToolFacts, impact: _Impact) -> Found:
    name = impact.cause.facts.name
    return Found(
        span=impact.cause.facts.span,
        path=app.path(tool, impact.cause),
        message=f"`{name}` may write {impact.rows:,} rows in one call, which is more than {MOST}",
        help=f"lower the number that `{name}` allows, and call `{tool.name}` again for the rest",
        detail=str(impact.rows),
    )


RULE = Rule(
    id="WRT005",
    name="high-row-impact",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
