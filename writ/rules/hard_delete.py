"""Rows are removed for good.

Catches:
    Every `delete`, and an `erase` that a run can come to without an `approval` before it.

Dangerous because:
    What is deleted cannot be looked at, explained or brought back: references lead nowhere, and a wrong call is
    final. `archive` takes a row out of daily use and keeps it. The law may ask for personal data to be gone; that is
    what `erase` is for, and a person decides it each time.

Avoid:
    - delete: gone
      entity: Customer
      where: {id: input.customer}

Prefer:
    - archive: gone
      entity: Customer
      where: {id: input.customer}

Cannot see:
    Whether the approval is about the rows that are erased: AUT012 looks at what an approval is bound to. A service
    outside that deletes what it keeps.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Removals of rows, but for those that people have agreed to on every way there."""
    for tool, step in app.steps("write"):
        kind = step.facts.write.kind if step.facts.write else None
        if kind == "delete":
            yield _deleted(app, tool, step)
        elif kind == "erase" and not _agreed(tool, step):
            yield _erased(app, tool, step)


def _agreed(tool: ToolFacts, step: Step) -> bool:
    return any(one.facts.approval is not None for one in tool.graph.steps_always_before(step))


def _deleted(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` removes rows of `{_entity(step)}` for good",
        help=f"write `archive: {name}`, which keeps them; for personal data that must go, `erase` behind an `approval`",
        witness=_witness(tool, step),
    )


def _erased(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` removes rows of `{_entity(step)}` for good, and nobody has to agree",
        help=f"put an `approval` before the transaction of `{name}` and name it: `approval: …`",
        witness=_witness(tool, step),
    )


def _witness(tool: ToolFacts, step: Step) -> tuple[str, ...]:
    moments = [Moment(step, f"removes the rows of `{_entity(step)}` that it finds")]
    return witness(tool.graph, moments, "it was the wrong one: nothing is left to bring it back from")


def _entity(step: Step) -> str:
    write = step.facts.write
    return write.entity.name if write and write.entity else ""


RULE = Rule(
    id="WRT002",
    name="hard-delete",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
