"""`erase`: personal data removed for good because a person or a law asks for it, inside a transaction."""

from __future__ import annotations

from pydantic import Field

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts, Write
from writ.nodes.rows import bind_rows, check_rows
from writ.nodes.typed import TypedErase
from writ.problems import did_you_mean
from writ.spec.raw_parts import ConditionPart, RowsPart
from writ.spec.shape import EntityName, Name, SpecModel


class EraseNode(SpecModel):
    """Remove the rows that match `where`, as the `approval` of that name has agreed to."""

    erase: Name
    """The name of the node, and of its result in the nodes behind it."""
    entity: EntityName
    """The entity."""
    where: dict[Name, ConditionPart] = {}
    """Which rows: fields and their values or conditions, all of which must hold."""
    expect_rows: RowsPart | None = None
    """How many rows that must be: 1 if not said, a number, or `{at_least, at_most}`."""
    otherwise: Name | None = Field(default=None, alias="else")
    """The refusal when there is no such row, in place of `not_found`."""
    approval: Name | None = None
    """The `approval` node before it that agreed to this."""


def check(node: EraseNode, context: Context) -> TypedErase | None:
    """An erase is sound when its conditions are, and the node it names as its approval is there."""
    entity = context.entity(node.entity, node.entity.span)
    context.refusal(node.otherwise, "not_found")
    rows = check_rows(node.expect_rows, context)
    if node.approval is not None and node.approval not in context.tool.taken:
        message = f"no node before this is called `{node.approval}`"
        context.problem("unknown-name", node.approval.span, message, did_you_mean(node.approval, context.tool.taken))
    if entity is None:
        context.bind_unknown(node.erase)
        return None
    where = context.where(node.where, entity)
    bind_rows(node.erase, entity, rows, context)
    approval = str(node.approval) if node.approval else None
    return TypedErase(node.erase, node.erase.span, entity, where, approval)


def facts(node: TypedErase) -> Facts:
    """It removes rows, nobody says how many."""
    return Facts(
        kind="erase",
        name=node.name,
        span=node.span,
        effect="write",
        uses=stated.of_where(node.where),
        write=Write("erase", node.entity, node.where, (0, None)),
        refuses=True,
        binds=node.name,
    )
