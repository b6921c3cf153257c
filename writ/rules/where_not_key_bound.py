"""Rows are changed by a condition that may mean several, and nobody said how many.

Catches:
    An `update`, `transition` or `archive` whose `where` fixes neither `id` nor a unique field nor all fields of a
    unique set, and which has no `expect_rows`.

Dangerous because:
    The author thought of one row. Where the data has two, the run is refused; where it has one that is not the one
    meant, the wrong row changes.

Avoid:
    - update: noted
      entity: Order
      where: {payment: input.reference}
      set: {parcel: input.parcel}

Prefer:
    - update: noted
      entity: Order
      where: {id: input.order}
      set: {parcel: input.parcel}

Cannot see:
    Whether a field that is not declared `unique` is so in the data: that is why it is only likely. An `erase`, which an
    approval stands before (WRT002). A key that is there only at times (WRT006), and a `where` that says nothing
    (WRT001).
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.predicates import bound_to_key, narrowing, unconditional
from writ.rules.rule import Rule
from writ.spec.resolved import Entity

_CHANGES = frozenset({"update", "transition", "archive"})


def check(app: AppFacts) -> Iterator[Found]:
    """Changes of rows that no key and no number of rows holds to those that are meant."""
    for tool, step in app.steps("write"):
        write = step.facts.write
        if write is None or write.entity is None or write.kind not in _CHANGES or write.stated:
            continue
        conditions = narrowing(write.where)
        if unconditional(conditions) and not bound_to_key(write.entity, conditions):
            yield _found(app, tool, step, write.entity)


def _found(app: AppFacts, tool: ToolFacts, step: Step, entity: Entity) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` may mean several rows of `{entity.name}`: its `where` fixes no key",
        help=f"fix {_keys(entity)} in `where`, or say how many rows you mean: `expect_rows: {{at_most: 10}}`",
    )


def _keys(entity: Entity) -> str:
    unique = [f"`{field.name}`" for field in entity.fields.values() if field.unique and field.name != "id"]
    sets = [" with ".join(f"`{name}`" for name in names) for names in entity.unique]
    return " or ".join(["`id`", *unique, *sets])


RULE = Rule(
    id="WRT004",
    name="where-not-key-bound",
    severity=Severity.risk,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
