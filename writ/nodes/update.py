"""`update`: change fields of rows, inside a transaction."""

from __future__ import annotations

from pydantic import Field

from writ.nodes import stated
from writ.nodes.assignments import check_set
from writ.nodes.context import Context
from writ.nodes.facts import Facts, Write
from writ.nodes.rows import bind_rows, check_rows
from writ.nodes.typed import TypedUpdate
from writ.spec.raw_parts import ConditionPart, ExpressionPart, RowsPart
from writ.spec.shape import EntityName, Name, SpecModel


class UpdateNode(SpecModel):
    """Change the rows that match `where`. `expect_rows`: how many that must be, 1 if not said, else `{at_least,
    at_most}`.
    """

    update: Name
    """The name of the node, and of its result in the nodes behind it."""
    entity: EntityName
    """The entity."""
    where: dict[Name, ConditionPart] = {}
    """Which rows: fields and their values or conditions, all of which must hold."""
    set: dict[Name, ExpressionPart]
    """The new values of fields."""
    expect_rows: RowsPart | None = None
    """How many rows that must be: 1 if not said, a number, or `{at_least, at_most}`."""
    otherwise: Name | None = Field(default=None, alias="else")
    """The refusal when there is no such row, in place of `not_found`."""


def check(node: UpdateNode, context: Context) -> TypedUpdate | None:
    """An update is sound when its conditions are, and what it sets fits the fields."""
    entity = context.entity(node.entity, node.entity.span)
    missing = context.refusal(node.otherwise, "not_found")
    rows = check_rows(node.expect_rows, context)
    if entity is None:
        context.bind_unknown(node.update)
        return None
    if not node.set:
        context.problem("missing-value", node.marked.key_spans["set"], "nothing is set")
    where = context.where(node.where, entity)
    assignments = check_set(node.set, entity, context, creating=False)
    bind_rows(node.update, entity, rows, context)
    stated_rows = node.expect_rows is not None
    return TypedUpdate(node.update, node.update.span, entity, where, assignments, rows, missing, stated_rows)


def facts(node: TypedUpdate) -> Facts:
    """It writes rows, and refuses where it finds another number of them or what must hold would not."""
    return Facts(
        kind="update",
        name=node.name,
        span=node.span,
        effect="write",
        uses=stated.of_where(node.where) + stated.of_set(node.set),
        write=Write("update", node.entity, node.where, node.rows, node.rows_stated, sets=stated.sets(node.set)),
        refuses=True,
        binds=node.name,
    )
