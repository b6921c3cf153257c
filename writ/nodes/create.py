"""`create`: new rows of an entity, inside a transaction."""

from __future__ import annotations

from pydantic import Field

from writ.nodes import stated
from writ.nodes.assignments import check_complete, check_set
from writ.nodes.context import Context
from writ.nodes.facts import Facts, Repetition, Write
from writ.nodes.items import element_place, list_of
from writ.nodes.typed import TypedCreate
from writ.spec.raw_parts import ExpressionPart
from writ.spec.resolved import TypedExpression
from writ.spec.shape import EntityName, Expr, Name, SpecModel
from writ.values import ListOf


class CreateNode(SpecModel):
    """Create one row; with `over` one row per element of a list."""

    create: Name
    """The name of the node, and of its result in the nodes behind it."""
    entity: EntityName
    """The entity."""
    set: dict[Name, ExpressionPart] = {}
    """The values of its fields."""
    over: Expr | None = None
    """A list: one row for each of its elements."""
    item_name: Name = Field(default=Name("item"), alias="as")
    """With `over`: what an element is called in `set`."""
    max: int | None = Field(default=None, ge=1, le=1000)
    """With `over`: so many elements at most."""


def check(node: CreateNode, context: Context) -> TypedCreate | None:
    """A create is sound when it sets what a row needs, and a set-based one says over what."""
    entity = context.entity(node.entity, node.entity.span)
    over = _over(node, context)
    if entity is None:
        context.bind_unknown(node.create)
        return None
    span = node.marked.key_spans.get("as", node.create.span)
    place = element_place(node.create, node.item_name, span, over, context) if node.over else context.branch()
    assignments = check_set(node.set, entity, place, creating=True)
    check_complete(assignments, node.set, entity, node.create.span, context)
    context.bind(node.create, ListOf(element=entity.row) if node.over else entity.row)
    keys = node.marked.key_spans
    return TypedCreate(node.create, node.create.span, entity, assignments, over, str(node.item_name), node.max, keys)


def _over(node: CreateNode, context: Context) -> TypedExpression | None:
    written = node.marked.key_spans
    if node.over is None:
        for key in ("max", "as"):
            if key in written:
                context.problem("misplaced-key", written[key], f"`{key}` goes with `over`")
        return None
    return list_of(node.over, context)


def facts(node: TypedCreate) -> Facts:
    """It writes new rows, and refuses where they are not unique or what must hold would not."""
    several = node.over is not None
    return Facts(
        kind="create",
        name=node.name,
        span=node.span,
        effect="write",
        uses=stated.one("over", "over", node.over) + stated.of_set(node.set),
        write=Write(
            "create",
            node.entity,
            rows=(0, node.max) if several else (1, 1),
            stated=node.max is not None,
            sets=stated.sets(node.set),
        ),
        repetition=Repetition(node.max, node.item) if several else None,
        refuses=True,
        binds=node.name,
        keys=node.keys,
    )
