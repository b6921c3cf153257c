"""A row is moved to another owner without a look at who that is.

Catches:
    An `update` or `transition` that sets the reference which says whose a row is, unless the new value is the `id` of a
    row of that entity which the same transaction has read before, one row by `expect: one`; and any that sets it where
    it is `immutable`.

Dangerous because:
    The `where` finds the old row. Nothing in it speaks about the new one: a caller can move a row of their own into the
    hands of somebody else, or to an id that means nothing. A row that was read carries the condition of ownership with
    it, and is there.

Avoid:
    - update: handed_over
      entity: Order
      where: {id: order.id}
      set: {customer: input.customer}

Prefer:
    - read: new_customer
      entity: Customer
      where: {id: input.customer}
    - update: handed_over
      entity: Order
      where: {id: order.id}
      set: {customer: new_customer.id}

Cannot see:
    This is a sufficient condition of form: red where it is absent, even if the value happens to be right for another
    reason. Whether a row should change hands at all is only judged where its owner is `immutable`. Owners that are
    texts are found by WRT007.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.belonging import marked_field
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.spec.resolved import EntityField
from writ.values.syntax import path_of


def check(app: AppFacts) -> Iterator[Found]:
    """Owner references of existing rows that are given a value nobody has looked at."""
    for tool, step in app.steps("write"):
        for use in step.facts.uses:
            owner = _owner_set(step, use)
            if owner is not None and (owner.immutable or not _is_read_row(tool, step, use, str(owner.references))):
                yield _found(app, tool, step, use, owner)


def _owner_set(step: Step, use: Use) -> EntityField | None:
    write = step.facts.write
    if write is None or write.entity is None or write.kind not in ("update", "transition") or use.purpose != "set":
        return None
    owner = marked_field(write.entity, "owner")
    return owner if owner is not None and use.field == owner and owner.references else None


def _is_read_row(tool: ToolFacts, step: Step, use: Use, entity: str) -> bool:
    """Whether the value is `row.id` and nothing else, of a row read before in the same transaction."""
    path = path_of(use.expression.tree) if use.expression.tree is not None else None
    source = tool.graph.binder(path[0]) if path is not None and path[1:] == ("id",) else None
    if source is None or source.facts.read is None:
        return False
    read = source.facts.read
    here = source.transaction is not None and source.transaction == step.transaction
    return here and read.entity.name == entity and read.expect == "one" and tool.graph.always_before(source, step)


def _found(app: AppFacts, tool: ToolFacts, step: Step, use: Use, owner: EntityField) -> Found:
    name, entity = step.facts.name, str(owner.references)
    role = next(iter(tool.tool.allow), "somebody")
    moments = [Moment(step, f"finds a row and sets its `{owner.name}` to another `{entity}`")]
    missing = "although it is immutable" if owner.immutable else f"without reading the new `{entity}`"
    way_out = f"read the `{entity}` in the same transaction before `{name}`, and set `{owner.name}` to its `id`"
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"`{name}` changes `{owner.name}`, which says whose the row is, {missing}",
        help=f"leave `{owner.name}` out" if owner.immutable else way_out,
        witness=(
            f"somebody with the role `{role}` calls `{tool.name}`",
            *witness(tool.graph, moments, f"the row belongs to a `{entity}` that the caller may have no right to"),
        ),
        related=(Related(owner.span, "whose the row is"),),
        detail=owner.name,
    )


RULE = Rule(
    id="AUT004",
    name="new-row-unchecked",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
