"""`read`: rows of an entity, inside a transaction."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from writ.nodes.context import Context
from writ.nodes.typed import TypedRead
from writ.problems import did_you_mean
from writ.spec.resolved import Entity
from writ.spec.shape import EntityName, Expr, Name, Raw, SpecModel
from writ.values import Integer, ListOf, Record, ValueType
from writ.values.types import FieldType


class ReadNode(SpecModel):
    """Read `one` row (or be refused), an `optional` one (`{row: …}` or `{}`), or `many` (with `limit`).

    `order` lists fields, a leading `-` for descending. `otherwise` (written `else`) is the refusal instead of
    `not_found`.
    """

    read: Name
    entity: EntityName
    where: dict[Name, Raw] = {}
    expect: Literal["one", "optional", "many"] = "one"
    order: list[str] = []
    limit: Expr | None = None
    lock: Literal["update", "share"] | None = None
    otherwise: Name | None = Field(default=None, alias="else")


def check(node: ReadNode, context: Context) -> TypedRead | None:
    """A read is sound when its fields exist, its values fit them, and it is bounded."""
    entity = context.entity(node.entity, node.entity.span)
    missing = context.refusal(node.otherwise, "not_found")
    if entity is None:
        context.bind_unknown(node.read)
        return None
    where = context.where(node.where, entity)
    _check_bounds(node, context)
    limit = context.expression(node.limit, Integer()) if node.limit else None
    order = tuple(_order(entry, node, entity, context) for entry in node.order)
    context.bind(node.read, _result(node, entity))
    return TypedRead(
        node.read, node.read.span, entity, where, node.expect, order, limit.typed if limit else None, node.lock, missing
    )


def _result(node: ReadNode, entity: Entity) -> ValueType:
    if node.expect == "one":
        return entity.row
    if node.expect == "many":
        return ListOf(element=entity.row)
    return Record(name=node.read, fields=(FieldType(name="row", type=entity.row, optional=True),))


def _check_bounds(node: ReadNode, context: Context) -> None:
    written = node.marked.key_spans
    if node.expect == "many" and node.limit is None:
        context.problem(
            "no-limit", node.read.span, f"`{node.read}` could read any number of rows", "add `limit`, e.g. `limit: 100`"
        )
    if node.expect != "many" and node.limit is not None:
        context.problem("misplaced-key", written["limit"], "`limit` goes with `expect: many`")
    if node.expect == "one" and not node.where:
        context.problem(
            "empty-where", node.read.span, f"nothing says which one of {node.entity} is meant", "add `where`"
        )
    if node.expect != "one" and node.otherwise is not None:
        context.problem("misplaced-key", written["else"], "`else` goes with `expect: one`", "use `require` to refuse")


def _order(entry: str, node: ReadNode, entity: Entity, context: Context) -> tuple[str, bool]:
    name = entry.removeprefix("-")
    if name not in entity.fields:
        help = did_you_mean(name, entity.fields)
        context.problem("unknown-field", node.marked.key_spans["order"], f"`{entity.name}` has no field `{name}`", help)
    return name, entry.startswith("-")
