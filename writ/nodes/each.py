"""`each`: the same nodes for every element of a list, one after the other, between transactions."""

from __future__ import annotations

from pydantic import Field

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts, Repetition
from writ.nodes.items import element_place, list_of
from writ.nodes.stated import Inner
from writ.nodes.typed import TypedEach
from writ.spec.raw_parts import NodePart
from writ.spec.shape import Expr, Name, SpecModel


class EachNode(SpecModel):
    """`nodes` for each element of `over`, called `as`, at most `max` of them."""

    each: Name
    """The name of the node."""
    over: Expr
    """The list."""
    item_name: Name = Field(default=Name("item"), alias="as")
    """What an element is called in `nodes`."""
    max: int | None = Field(default=None, ge=1, le=1000)
    """So many elements at most."""
    nodes: list[NodePart]
    """The nodes, run for each element."""


def check(node: EachNode, context: Context) -> TypedEach | None:
    """An each is sound when it goes over a list and its nodes are. What they bind is not seen behind it."""
    context.claim(node.each)
    over = list_of(node.over, context)
    span = node.marked.key_spans.get("as", node.each.span)
    place = element_place(node.each, node.item_name, span, over, context)
    if not node.nodes:
        context.problem(
            "no-nodes", node.marked.key_spans["nodes"], f"nothing happens in `{node.each}`", "write its nodes"
        )
    nodes = place.nodes(node.nodes)
    if over is None:
        return None
    return TypedEach(node.each, node.each.span, over, str(node.item_name), node.max, nodes, node.marked.key_spans)


def facts(node: TypedEach) -> Facts:
    """It repeats what is in it."""
    return Facts(
        kind="each",
        name=node.name,
        span=node.span,
        uses=stated.one("over", "over", node.over),
        repetition=Repetition(node.max, node.item),
        keys=node.keys,
    )


def inner(node: TypedEach) -> Inner:
    """The nodes that are repeated."""
    return (("nodes", node.nodes),)
