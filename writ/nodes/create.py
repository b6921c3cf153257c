"""`create`: new rows of an entity, inside a transaction."""

from __future__ import annotations

from pydantic import Field

from writ.nodes.assignments import check_complete, check_set
from writ.nodes.context import Context
from writ.nodes.typed import TypedCreate
from writ.spec.resolved import TypedExpression
from writ.spec.shape import EntityName, Expr, Name, Raw, SpecModel
from writ.values import Anything, ListOf, Unknown, ValueType


class CreateNode(SpecModel):
    """Create one row; with `over` one row per element of a list, called `item_name` (written `as`), at most `max`."""

    create: Name
    entity: EntityName
    set: dict[Name, Raw] = {}
    over: Expr | None = None
    item_name: Name = Field(default=Name("item"), alias="as")
    max: int | None = Field(default=None, ge=1, le=1000)


def check(node: CreateNode, context: Context) -> TypedCreate | None:
    """A create is sound when it sets what a row needs, and a set-based one says over what and how many at most."""
    entity = context.entity(node.entity, node.entity.span)
    over = _over(node, context)
    if entity is None:
        context.bind_unknown(node.create)
        return None
    place = _place(node, over, context) if node.over else context.branch()
    assignments = check_set(node.set, entity, place, creating=True)
    check_complete(assignments, node.set, entity, node.create.span, context)
    context.bind(node.create, ListOf(element=entity.row) if node.over else entity.row)
    return TypedCreate(node.create, node.create.span, entity, assignments, over, str(node.item_name), node.max)


def _over(node: CreateNode, context: Context) -> TypedExpression | None:
    written = node.marked.key_spans
    if node.over is None:
        for key in ("max", "as"):
            if key in written:
                context.problem("misplaced-key", written[key], f"`{key}` goes with `over`")
        return None
    if node.max is None:
        message = f"`{node.create}` could create any number of rows"
        context.problem("no-limit", node.create.span, message, "add `max`, e.g. `max: 100`")
    checked = context.expression(node.over, None)
    if checked is None:
        return None
    if not isinstance(checked.typed.type, ListOf | Anything):
        context.problem("expression-type", node.over.marked.span, "`over` needs a list")
        return None
    return checked.typed


def _place(node: CreateNode, over: TypedExpression | None, context: Context) -> Context:
    """Where the assignments of a set-based create stand: there an element of the list has its name."""
    name = node.item_name
    place = context.branch()
    untyped = over.type if over and isinstance(over.type, Anything) else Unknown()
    type: ValueType = over.type.element if over and isinstance(over.type, ListOf) else untyped
    span = node.marked.key_spans.get("as", node.create.span)
    if not context.may_be_called(name, span):
        return place
    taken = name == node.create or name in context.tool.taken or context.tool.types.get(name, type) != type
    if taken and over is not None:
        context.problem("duplicate-name", span, f"`{name}` is taken in this tool", "choose another name with `as`")
    elif over is not None:
        context.tool.types[str(name)] = type
    if name not in context.names.types:
        place.names = place.names.with_name(name, type)
    return place
