"""`archive`: hide rows for good without losing them (soft delete), inside a transaction."""

from __future__ import annotations

from pydantic import Field

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts, Write
from writ.nodes.rows import bind_rows, check_rows
from writ.nodes.typed import TypedArchive
from writ.spec.raw_parts import ConditionPart, RowsPart
from writ.spec.shape import EntityName, Name, SpecModel


class ArchiveNode(SpecModel):
    """Archive the rows that match `where`."""

    archive: Name
    """The name of the node, and of its result in the nodes behind it."""
    entity: EntityName
    """The entity."""
    where: dict[Name, ConditionPart] = {}
    """Which rows: fields and their values or conditions, all of which must hold."""
    expect_rows: RowsPart | None = None
    """How many rows that must be: 1 if not said, a number, or `{at_least, at_most}`."""
    otherwise: Name | None = Field(default=None, alias="else")
    """The refusal when there is no such row, in place of `not_found`."""


def check(node: ArchiveNode, context: Context) -> TypedArchive | None:
    """An archive is sound when its conditions are."""
    entity = context.entity(node.entity, node.entity.span)
    missing = context.refusal(node.otherwise, "not_found")
    rows = check_rows(node.expect_rows, context)
    if entity is None:
        context.bind_unknown(node.archive)
        return None
    where = context.where(node.where, entity)
    bind_rows(node.archive, entity, rows, context)
    stated_rows = node.expect_rows is not None
    return TypedArchive(node.archive, node.archive.span, entity, where, rows, missing, stated_rows)


def facts(node: TypedArchive) -> Facts:
    """It writes rows, and refuses where it finds too few."""
    return Facts(
        kind="archive",
        name=node.name,
        span=node.span,
        effect="write",
        uses=stated.of_where(node.where),
        write=Write("archive", node.entity, node.where, node.rows, node.rows_stated),
        refuses=node.rows[0] > 0,
        binds=node.name,
    )
