"""`transition`: move rows to another state, inside a transaction."""

from __future__ import annotations

import re

from pydantic import Field

from writ.nodes import stated
from writ.nodes.assignments import check_set
from writ.nodes.context import Context
from writ.nodes.facts import Facts, Write
from writ.nodes.rows import bind_rows, check_rows
from writ.nodes.typed import TypedTransition
from writ.problems import did_you_mean, with_article
from writ.spec.complaints import listed, quoted
from writ.spec.raw_parts import ConditionPart, ExpressionPart, RowsPart
from writ.spec.resolved import Condition, Entity
from writ.spec.shape import EntityName, Name, SpecModel

_LITERAL = re.compile(r"\s*(['\"])(\w+)\1\s*")


class TransitionNode(SpecModel):
    """Move the rows that match `where` to the state `to`, guarded by their present state; may `set` fields on the
    way.
    """

    transition: Name
    """The name of the node, and of its result in the nodes behind it."""
    entity: EntityName
    """The entity."""
    where: dict[Name, ConditionPart] = {}
    """Which rows: fields and their values or conditions, all of which must hold."""
    to: Name
    """The state they move to."""
    set: dict[Name, ExpressionPart] = {}
    """New values of fields on the way."""
    expect_rows: RowsPart | None = None
    """How many rows that must be: 1 if not said, a number, or `{at_least, at_most}`."""
    otherwise: Name | None = Field(default=None, alias="else")
    """The refusal when there is no such row, in place of `not_found`."""


def check(node: TransitionNode, context: Context) -> TypedTransition | None:
    """A transition is sound when the entity's life cycle has a move to that state."""
    entity = context.entity(node.entity, node.entity.span)
    missing = context.refusal(node.otherwise, "not_found")
    rows = check_rows(node.expect_rows, context)
    if entity is None:
        context.bind_unknown(node.transition)
        return None
    _check_move(node, entity, context)
    where = context.where(node.where, entity)
    _check_from(node, where, entity, context)
    assignments = check_set(node.set, entity, context, creating=False)
    bind_rows(node.transition, entity, rows, context)
    return TypedTransition(
        node.transition,
        node.transition.span,
        entity,
        where,
        str(node.to),
        assignments,
        rows,
        missing,
        node.expect_rows is not None,
    )


def facts(node: TypedTransition) -> Facts:
    """It writes rows, and refuses where it finds too few to move, or what must hold would not."""
    return Facts(
        kind="transition",
        name=node.name,
        span=node.span,
        effect="write",
        uses=stated.of_where(node.where) + stated.of_set(node.set),
        write=Write("transition", node.entity, node.where, node.rows, node.rows_stated, node.to, stated.sets(node.set)),
        refuses=node.rows[0] > 0 or bool(node.set) or bool(node.entity.invariants),
        binds=node.name,
    )


def _check_from(node: TransitionNode, where: tuple[Condition, ...], entity: Entity, context: Context) -> None:
    """A `where` that asks for a state without such a move can never find a row to move."""
    sources = entity.lifecycle.sources(node.to) if entity.lifecycle else ()
    for condition in where:
        literal = _LITERAL.fullmatch(condition.value.source) if condition.value else None
        if condition.field.name != "state" or condition.operator != "equals" or not literal or not sources:
            continue
        if literal[2] not in sources:
            message = f"{with_article(entity.name)} that is `{literal[2]}` may not move to `{node.to}`"
            help = f"only from {listed([quoted(state) for state in sources])}"
            context.problem("impossible-move", node.where[Name("state")].span, message, help)


def _check_move(node: TransitionNode, entity: Entity, context: Context) -> None:
    if entity.lifecycle is None:
        context.problem("unknown-state", node.to.span, f"`{entity.name}` has no states", "add `states` to the entity")
    elif node.to not in entity.lifecycle.states:
        help = did_you_mean(node.to, entity.lifecycle.states)
        context.problem("unknown-state", node.to.span, f"`{entity.name}` has no state `{node.to}`", help)
    elif not entity.lifecycle.sources(node.to):
        help = f"add `{node.to}` to the `to` of a state"
        context.problem("unreachable-state", node.to.span, f"no state of {entity.name} may move to `{node.to}`", help)
