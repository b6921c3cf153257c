"""A row is moved where no declared transition leads, or its state is written directly.

Catches:
    A `transition` to a state that the entity does not have, or that no state may move to; one whose `where` asks for a
    state from which there is no such move; a state whose `to` names one that is not declared; and a `set` of `state` in
    an `update` or a `transition`.

Dangerous because:
    States are what everything else relies on: what may be paid, shipped or shown. A row in a state that no declared way
    leads to passes checks it must not pass, or none at all, and nobody can say how it came there.

Avoid:
    - update: shipped
      entity: Order
      where: {id: order.id}
      set: {state: "'shipped'"}

Prefer:
    - transition: shipped
      entity: Order
      where: {id: order.id}
      to: shipped

Cannot see:
    Whether a row is in the right state when the run comes there: that is looked at when it runs, by every transition.
    A `create` that sets `state` is STM003's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule
from writ.source import Span
from writ.spec.resolved import Entity
from writ.values.syntax import Literal


def check(app: AppFacts) -> Iterator[Found]:
    """Writes into `state` of rows that exist."""
    for tool, step in app.steps("write"):
        write = step.facts.write
        if write is None or write.entity is None or write.kind not in ("update", "transition"):
            continue
        for field, span in write.sets:
            if field.system and field.name == "state":
                yield _found(app, tool, step, write.entity, span)


def _found(app: AppFacts, tool: ToolFacts, step: Step, entity: Entity, span: Span) -> Found:
    name = step.facts.name
    happens = "writes the state it is given, whatever state the row is in"
    return Found(
        span=span,
        path=app.path(tool, step),
        message=f"`{name}` writes the state of {entity.name} directly, past its transitions",
        help=f"leave `state` out of `set`, and write a `transition` {_target(step)}",
        witness=witness(tool.graph, [Moment(step, happens)], f"a row of {entity.name} is where no declared way leads"),
        detail="state",
    )


def _target(step: Step) -> str:
    written = next((use.expression.tree for use in step.facts.uses if use.place == "set.state"), None)
    return f"with `to: {written.value!s}`" if isinstance(written, Literal) else "for each state it can move to"


RULE = Rule(
    id="STM001",
    name="undeclared-transition",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
    mistakes=frozenset({"impossible-move", "unknown-state", "unreachable-state"}),
    consequence="the row can never come there, or comes to a state that nothing else knows",
)
