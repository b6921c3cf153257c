"""A field is written that must never change.

Catches:
    `set` with a field that the system keeps (`id`, `version`, `created_at`, …), and in an `update` or `transition` with
    an `immutable` field, the text field that says whose the row is, or the one that says whose tenant's.

Dangerous because:
    Who a row is, when it came and whose it is are what everything else relies on: references, ownership, the audit
    record. A row that changes them is another row with the history of the first.

Avoid:
    - update: moved
      entity: Customer
      where: {id: input.customer}
      set: {account: input.account}

Prefer:
    - create: customer
      entity: Customer
      set: {name: input.name, email: input.email}

Cannot see:
    `state`, which only a `transition` changes (STM001, STM003); an owner field that is a reference, which moves a row
    into the hands of another (AUT004); fields that should be `immutable` and are not declared so.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule
from writ.source import Span
from writ.spec.resolved import Entity, EntityField

_CHANGES = frozenset({"update", "transition"})


def check(app: AppFacts) -> Iterator[Found]:
    """Assignments to fields that only the system sets, or only a new row."""
    for tool, step in app.steps("write"):
        write = step.facts.write
        if write is None or write.entity is None:
            continue
        for field, span in write.sets:
            reason = _reason(field, write.entity, changes=write.kind in _CHANGES)
            if reason:
                yield _found(app, tool, step, field, span, reason)


def _reason(field: EntityField, entity: Entity, *, changes: bool) -> str:
    """Why the field may not be written; empty where it may, or another rule tells."""
    if field.name == "state" and field.system:
        return ""
    if field.system:
        return "is kept by the system"
    if not changes or (field.name == entity.owner and field.references is not None):
        return ""
    if field.name == entity.owner:
        return "says whose the row is"
    if field.name == entity.tenant:
        return "says whose tenant's the row is"
    return "is immutable" if field.immutable else ""


def _found(app: AppFacts, tool: ToolFacts, step: Step, field: EntityField, span: Span, reason: str) -> Found:
    name = step.facts.name
    entity = step.facts.write.entity.name if step.facts.write and step.facts.write.entity else ""
    way_out = "leave it out" if field.system else f"leave it out, or create a new `{entity}`"
    return Found(
        span=span,
        path=app.path(tool, step),
        message=f"`{name}` writes `{field.name}` of `{entity}`, which {reason}",
        help=way_out,
        witness=witness(
            tool.graph,
            [Moment(step, f"gives `{field.name}` of a row of `{entity}` a value of its own")],
            f"whatever relied on `{field.name}` of that row is wrong from now on, and nothing says since when",
        ),
        detail=field.name,
    )


RULE = Rule(
    id="WRT007",
    name="immutable-field-write",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
