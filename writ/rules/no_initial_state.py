"""A row is born without the initial state, or into a state of its creator's choice.

Catches:
    A `create` that sets `state`, and an entity whose states name no initial one, more than one, or which names no state
    at all under `states`.

Dangerous because:
    A row that begins as `paid` was never paid for: whatever stands on the way from the initial state, checks, payments,
    approvals, was left out for it.

Avoid:
    - create: order
      entity: Order
      set: {product: product.id, state: "'paid'"}

Prefer:
    - create: order
      entity: Order
      set: {product: product.id}
    - transition: paid
      entity: Order
      where: {id: order.id}
      to: paid

Cannot see:
    Whether the initial state is the right one. A `state` that is set to the initial one is told too: the system gives
    it, and what stands there would go on standing there when another state becomes the initial one.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.problems import with_article
from writ.rules.rule import Rule
from writ.source import Span
from writ.spec.resolved import Entity


def check(app: AppFacts) -> Iterator[Found]:
    """Rows that are created with a state."""
    for tool, step in app.steps("write"):
        write = step.facts.write
        if write is None or write.entity is None or write.kind != "create":
            continue
        for field, span in write.sets:
            if field.system and field.name == "state":
                yield _found(app, tool, step, write.entity, span)


def _found(app: AppFacts, tool: ToolFacts, step: Step, entity: Entity, span: Span) -> Found:
    initial = entity.lifecycle.initial if entity.lifecycle else ""
    moments = [Moment(step, f"creates {with_article(entity.name)} in a state of its own choice")]
    return Found(
        span=span,
        path=app.path(tool, step),
        message=f"`{step.facts.name}` says in which state a new {entity.name} begins",
        help=f"leave `state` out: it begins as `{initial}`; where it goes on at once, a `transition` follows",
        witness=witness(tool.graph, moments, f"what must happen on the way from `{initial}` has not happened to it"),
        detail="state",
    )


RULE = Rule(
    id="STM003",
    name="no-initial",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
    mistakes=frozenset({"initial-state", "no-states"}),
    consequence="nobody can say in which state a new row begins",
)
