"""Rows are changed and nothing says which.

Catches:
    An `update`, `transition`, `archive` or `erase` without `where`, or with one that every row meets: `version:
    {at_least: 0}`, a bound that the field keeps to anyway, all states of the entity, `created_at: {at_most: now}`, or
    a `when` that is always false. The `transition` of a `compensate` too.

Dangerous because:
    It means the whole table. The number of rows that is expected stops some of it: with one, the call works while there
    is one row and is refused ever after; with more, that many change which nobody chose.

Avoid:
    - update: closed
      entity: Order
      set: {note: "'closed'"}

Prefer:
    - update: closed
      entity: Order
      where: {id: input.order}
      set: {note: "'closed'"}

Cannot see:
    A condition that is true of every row only because of the data: `stock: {above: input.least}` with a very small
    input. Conditions that may not apply are looked at by WRT006, those that mean several rows by WRT004.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from writ.findings import Confidence, Found, Severity
from writ.graph.aliases import meant
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.predicates import narrowing
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Write
from writ.nodes.typed_terms import Compensation
from writ.rules.rule import Rule
from writ.spec.resolved import Condition

_CHANGES = frozenset({"update", "transition", "archive", "erase"})


def check(app: AppFacts) -> Iterator[Found]:
    """Changes of existing rows whose conditions leave no row out, those of compensations too."""
    for tool, step in app.steps("write"):
        write = step.facts.write
        if write is not None and write.kind in _CHANGES and not _leaves_out(tool, write.where):
            yield _found(app, tool, step, write)
    for tool, step in app.steps("external", "payment"):
        undoing = step.facts.outside.compensation if step.facts.outside else None
        if undoing is not None and undoing.entity is not None and not _leaves_out(tool, undoing.where):
            yield _undone(app, tool, step, undoing, undoing.entity.name)


def _leaves_out(tool: ToolFacts, where: tuple[Condition, ...]) -> bool:
    """Whether a condition can leave a row out, also where its value was given a name first."""
    followed = (replace(it, value=meant(tool, it.value)) if it.value is not None else it for it in where)
    return bool(narrowing(followed))


def _found(app: AppFacts, tool: ToolFacts, step: Step, write: Write) -> Found:
    name = step.facts.name
    entity = write.entity.name if write.entity else ""
    says = "every row meets its `where`" if write.where else "it has no `where`"
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` means every row of `{entity}`: {says}",
        help=f"say which `{entity}` is meant: `where: {{id: …}}`",
        witness=witness(
            tool.graph,
            [Moment(step, f"finds every `{entity}` that its caller may touch, whatever became of it")],
            _end(write, entity),
        ),
    )


def _undone(app: AppFacts, tool: ToolFacts, step: Step, undoing: Compensation, entity: str) -> Found:
    says = "every row meets its `where`" if undoing.where else "it has no `where`"
    name = step.facts.name
    return Found(
        span=undoing.span,
        path=app.path(tool, step),
        message=f"the compensation of `{name}` means every row of `{entity}`: {says}",
        help=f"say which `{entity}` is meant: `where: {{id: …}}`",
        witness=witness(
            tool.graph,
            [Moment(step, "succeeds, and is compensated later")],
            f"every `{entity}` that can move to `{undoing.to}` does, whoever it belongs to",
        ),
        detail="compensation",
    )


def _end(write: Write, entity: str) -> str:
    most = write.rows[1]
    if write.kind == "erase":
        return f"every `{entity}` is gone, and nothing brings one back"
    if most == 1:
        return f"while there is one `{entity}`, it changes, whichever it is; with the second, every call is refused"
    return f"one call changes up to {most:,} of them, which nobody chose"


RULE = Rule(
    id="WRT001",
    name="update-without-where",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
