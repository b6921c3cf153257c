"""`archive`: hide rows for good without losing them (soft delete), inside a transaction."""

from __future__ import annotations

from pydantic import Field

from writ.nodes.context import Context
from writ.nodes.rows import bind_rows, check_rows, check_some_where
from writ.nodes.typed import TypedArchive
from writ.spec.shape import EntityName, Name, Raw, SpecModel


class ArchiveNode(SpecModel):
    """Archive the rows that match `where`."""

    archive: Name
    entity: EntityName
    where: dict[Name, Raw]
    expect_rows: Raw | None = None
    otherwise: Name | None = Field(default=None, alias="else")


def check(node: ArchiveNode, context: Context) -> TypedArchive | None:
    """An archive is sound when it names rows."""
    entity = context.entity(node.entity, node.entity.span)
    missing = context.refusal(node.otherwise, "not_found")
    rows = check_rows(node.expect_rows, context)
    if entity is None:
        context.bind_unknown(node.archive)
        return None
    check_some_where(node.where, node.marked, entity, context)
    where = context.where(node.where, entity)
    bind_rows(node.archive, entity, rows, context)
    return TypedArchive(node.archive, node.archive.span, entity, where, rows, missing)
