"""`compensate`: what undoes a call to the outside, by another operation of its connector or by moving rows back."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from writ.nodes.context import Context
from writ.nodes.outside import Retry, Timeouts, call_policy, operation_of
from writ.nodes.stated import flattened
from writ.nodes.typed_terms import CallPolicy, Compensation
from writ.problems import did_you_mean
from writ.source import Span
from writ.spec.marked import Marked
from writ.spec.raw_parts import ConditionPart, LiteralPart, ValueMappingPart
from writ.spec.resolved import Condition, Connector, Operation, TypedExpression
from writ.spec.shape import EntityName, Name, SpecModel
from writ.values import Money, Text, ValueType


class MoveBack(SpecModel):
    """Rows that move to a state."""

    called: ClassVar[str] = "this transition"

    entity: EntityName
    """The entity."""
    where: dict[Name, ConditionPart] = {}
    """Which rows: fields and their values or conditions, all of which must hold."""
    to: Name
    """The state they move to."""


class Compensate(SpecModel):
    """Either an `operation`, called `with` values of which the node's own result may be one, or a `transition`."""

    called: ClassVar[str] = "`compensate`"

    operation: Name | None = None
    """The operation of the same connector that undoes it."""
    given: ValueMappingPart | None = Field(default=None, alias="with")
    """Its inputs, which may use the node's own result."""
    transition: MoveBack | None = None
    """Rows that move to a state, in place of an operation."""
    timeouts: Timeouts | None = None
    """How long one attempt and all of them together may take."""
    retry: Retry | None = None
    """How an attempt that failed is repeated."""
    compensate: LiteralPart | None = None
    """What would undo this: a compensation must not need one."""


_TYPES: dict[str, ValueType] = {"of": Text(), "amount": Money()}


def compensation(
    written: Compensate | None, span: Span | None, connector: Connector | None, context: Context
) -> Compensation | None:
    """What undoes the node whose result is bound already. `span` is the place of the key."""
    if written is None or span is None:
        return None
    policy = call_policy(written.timeouts, written.retry, context)
    if (written.operation is None) == (written.transition is None):
        context.problem("missing-key", span, "`compensate` needs either `operation` or `transition`")
        return None
    needs_own = written.compensate is not None
    if written.transition is not None:
        return _move_back(written.transition, span, policy, needs_own, context)
    name = written.operation
    if name is None:
        return None
    if connector is None:
        message = "without a connector there is no operation that could undo this"
        context.problem("unknown-operation", name.span, message, "name a `connector`, or write a `transition`")
        return None
    operation = operation_of(name, connector, context)
    if operation is None:
        return None
    inputs = _inputs(written.given, operation, context)
    return Compensation(span, str(name), inputs, policy, needs_own=needs_own)


def _inputs(given: Marked | None, operation: Operation, context: Context) -> dict[str, TypedExpression]:
    if given is None:
        return {}
    if not isinstance(given.value, dict):
        context.problem("wrong-type", given.head, "`with` is a mapping, e.g. `with: {of: charge.reference}`")
        return {}
    found: dict[str, TypedExpression] = {}
    for key, marked in given.value.items():
        expected = operation.request_type if key == "body" else _TYPES.get(key)
        template = context.template(marked, expected)
        found |= {} if template is None else flattened(template, key)
    return found


def _move_back(
    written: MoveBack, span: Span, policy: CallPolicy, needs_own: bool, context: Context
) -> Compensation | None:
    entity = context.entity(written.entity, written.entity.span)
    if entity is None:
        return None
    states = entity.lifecycle.states if entity.lifecycle else ()
    if written.to not in states:
        message = f"`{entity.name}` has no state `{written.to}`"
        context.problem("unknown-state", written.to.span, message, did_you_mean(written.to, states))
    where = context.where(written.where, entity)
    inputs = dict(_compared(it) for it in where if it.value is not None)
    return Compensation(
        span,
        None,
        {place: value for place, value in inputs.items() if value is not None},
        policy,
        entity,
        str(written.to),
        needs_own,
        where,
    )


def _compared(condition: Condition) -> tuple[str, TypedExpression | None]:
    operator = "" if condition.operator == "equals" else f".{condition.operator}"
    return f"where.{condition.field.name}{operator}", condition.value
