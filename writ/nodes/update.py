"""`update`: change fields of rows, inside a transaction."""

from __future__ import annotations

from pydantic import Field

from writ.nodes.assignments import check_set
from writ.nodes.context import Context
from writ.nodes.rows import bind_rows, check_rows, check_some_where
from writ.nodes.typed import TypedUpdate
from writ.spec.shape import EntityName, Name, Raw, SpecModel


class UpdateNode(SpecModel):
    """Change the rows that match `where`. `expect_rows`: how many that must be, 1 if not said, else `{at_least,
    at_most}`.
    """

    update: Name
    entity: EntityName
    where: dict[Name, Raw]
    set: dict[Name, Raw]
    expect_rows: Raw | None = None
    otherwise: Name | None = Field(default=None, alias="else")


def check(node: UpdateNode, context: Context) -> TypedUpdate | None:
    """An update is sound when it names rows, and sets fields that may change."""
    entity = context.entity(node.entity, node.entity.span)
    missing = context.refusal(node.otherwise, "not_found")
    rows = check_rows(node.expect_rows, context)
    if entity is None:
        context.bind_unknown(node.update)
        return None
    check_some_where(node.where, node.marked, entity, context)
    if not node.set:
        context.problem("missing-value", node.marked.key_spans["set"], "nothing is set")
    where = context.where(node.where, entity)
    assignments = check_set(node.set, entity, context, creating=False)
    bind_rows(node.update, entity, rows, context)
    return TypedUpdate(node.update, node.update.span, entity, where, assignments, rows, missing)
