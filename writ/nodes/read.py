"""`read`: rows of an entity, inside a transaction."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts, Read
from writ.nodes.rows import MOST_ROWS
from writ.nodes.typed import TypedRead
from writ.problems import did_you_mean
from writ.spec.expressions import CheckedExpression
from writ.spec.raw_parts import ConditionPart, OrderPart
from writ.spec.resolved import Entity
from writ.spec.shape import EntityName, Expr, Name, SpecModel
from writ.values import Integer, ListOf, Money, Record, ValueType
from writ.values.types import FieldType

_WHOLE = re.compile(r"\s*-?\d{1,20}\s*")


class ReadNode(SpecModel):
    """Read `one` row (or be refused), an `optional` one (`{row: …}` or `{}`), or `many` (with `limit`)."""

    read: Name
    """The name of the node, and of its result in the nodes behind it."""
    entity: EntityName
    """The entity."""
    where: dict[Name, ConditionPart] = {}
    """Which rows: fields and their values or conditions, all of which must hold."""
    expect: Literal["one", "optional", "many"] = "one"
    """`one` row, or the run is refused; an `optional` one, as `{row: …}` or `{}`; or `many`, as a list."""
    order: list[OrderPart] = []
    """With `many`: the fields it is sorted by, a leading `-` for descending."""
    limit: Expr | None = None
    """With `many`: how many at most, 1000 or less."""
    lock: Literal["update", "share"] | None = None
    """`update`: no other transaction changes the rows before this one ends; `share`: others may read them."""
    otherwise: Name | None = Field(default=None, alias="else")
    """The refusal when there is no such row, in place of `not_found`."""


def check(node: ReadNode, context: Context) -> TypedRead | None:
    """A read is sound when its fields exist and its values fit them."""
    entity = context.entity(node.entity, node.entity.span)
    missing = context.refusal(node.otherwise, "not_found") if node.expect == "one" else "not_found"
    if entity is None:
        context.bind_unknown(node.read)
        return None
    where = context.where(node.where, entity)
    limit = context.expression(node.limit, Integer()) if node.limit else None
    _check_bounds(node, limit, context)
    order = _order(node, entity, context)
    context.bind(node.read, _result(node, entity))
    return TypedRead(
        node.read,
        node.read.span,
        entity,
        where,
        node.expect,
        order,
        limit.typed if limit else None,
        node.lock,
        missing,
        node.marked.key_spans,
    )


def facts(node: TypedRead) -> Facts:
    """It reads rows, and refuses where the one that is meant is not there."""
    return Facts(
        kind="read",
        name=node.name,
        span=node.span,
        effect="read",
        uses=stated.of_where(node.where) + stated.one("limit", "limit", node.limit),
        read=Read(node.entity, node.where, node.expect, node.limit is not None, node.lock),
        refuses=node.expect == "one",
        binds=node.name,
        keys=node.keys,
    )


def _result(node: ReadNode, entity: Entity) -> ValueType:
    if node.expect == "one":
        return entity.row
    if node.expect == "many":
        return ListOf(element=entity.row)
    return Record(name=node.read, fields=(FieldType(name="row", type=entity.row, optional=True),))


def _check_bounds(node: ReadNode, limit: CheckedExpression | None, context: Context) -> None:
    written = node.marked.key_spans
    if node.expect != "many" and node.limit is not None:
        context.problem("misplaced-key", written["limit"], "`limit` goes with `expect: many`")
    if limit is not None and node.limit is not None:
        _check_limit(node.limit, context)
    if node.expect != "many" and "order" in written:
        context.problem("misplaced-key", written["order"], "`order` goes with `expect: many`")
    if node.expect != "many" and not node.where:
        context.problem(
            "empty-where", node.read.span, f"nothing says which one of {node.entity} is meant", "add `where`"
        )
    if node.expect != "one" and node.otherwise is not None:
        context.problem("misplaced-key", written["else"], "`else` goes with `expect: one`", "use `require` to refuse")


def _check_limit(limit: Expr, context: Context) -> None:
    if _WHOLE.fullmatch(limit.source) and not 1 <= int(limit.source) <= MOST_ROWS:
        context.problem("out-of-bounds", limit.span, f"a limit lies between 1 and {MOST_ROWS}")


def _order(node: ReadNode, entity: Entity, context: Context) -> tuple[tuple[str, bool], ...]:
    order: dict[str, bool] = {}
    for entry in node.order:
        word = str(entry.value)
        name = word.removeprefix("-")
        reason, help = _no_order(name, entity)
        if not isinstance(entry.value, str):
            context.problem("wrong-type", entry.span, "expected the name of a field, `-` before it for descending")
        elif reason:
            context.problem("unknown-field", entry.span, reason, help)
        elif name in order:
            context.problem("duplicate-value", entry.span, f"`{name}` is listed twice", "keep one of the two")
        else:
            order[name] = word.startswith("-")
    return tuple(order.items())


def _no_order(name: str, entity: Entity) -> tuple[str, str]:
    """Why rows cannot be sorted by the field, and the way out; empty where they can."""
    if name not in entity.fields:
        return f"`{entity.name}` has no field `{name}`", did_you_mean(name, entity.fields)
    if isinstance(entity.fields[name].type, ListOf | Money):
        return f"`{name}` has no order", "sort by a text, number, date or timestamp"
    return "", ""
