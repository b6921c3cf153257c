"""`delete`: rows removed for good, which is understood so that it can be refused with its reason."""

from __future__ import annotations

from pydantic import Field

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts, Write
from writ.nodes.rows import bind_rows, check_rows
from writ.nodes.typed import TypedDelete
from writ.spec.raw_parts import ConditionPart, RowsPart
from writ.spec.shape import EntityName, Name, SpecModel


class DeleteNode(SpecModel):
    """Remove the rows that match `where`."""

    delete: Name
    """The name of the node, and of its result in the nodes behind it."""
    entity: EntityName
    """The entity."""
    where: dict[Name, ConditionPart] = {}
    """Which rows: fields and their values or conditions, all of which must hold."""
    expect_rows: RowsPart | None = None
    """How many rows that must be: 1 if not said, a number, or `{at_least, at_most}`."""
    otherwise: Name | None = Field(default=None, alias="else")
    """The refusal when there is no such row, in place of `not_found`."""


def check(node: DeleteNode, context: Context) -> TypedDelete | None:
    """A delete is understood when its conditions are."""
    entity = context.entity(node.entity, node.entity.span)
    context.refusal(node.otherwise, "not_found")
    rows = check_rows(node.expect_rows, context)
    if entity is None:
        context.bind_unknown(node.delete)
        return None
    where = context.where(node.where, entity)
    bind_rows(node.delete, entity, rows, context)
    return TypedDelete(node.delete, node.delete.span, entity, where)


def facts(node: TypedDelete) -> Facts:
    """It removes rows, nobody says how many."""
    return Facts(
        kind="delete",
        name=node.name,
        span=node.span,
        effect="write",
        uses=stated.of_where(node.where),
        write=Write("delete", node.entity, node.where, (0, None)),
        refuses=True,
        binds=node.name,
    )
