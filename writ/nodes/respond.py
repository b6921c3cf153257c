"""`respond`: end the run with an answer."""

from __future__ import annotations

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts
from writ.nodes.typed import TypedRespond
from writ.spec.shape import Name, Raw, SpecModel


class RespondNode(SpecModel):
    """Answer `value`: an expression, or a mapping or list of expressions, of the tool's output schema."""

    respond: Name | None
    value: Raw


def check(node: RespondNode, context: Context) -> TypedRespond | None:
    """A respond is sound when its value is of the tool's output; nothing follows it."""
    if node.respond is not None:
        context.claim(node.respond)
    value = context.template(node.value, context.tool.output_type)
    context.ended = True
    if value is None:
        return None
    return TypedRespond(node.respond or "respond", node.marked.head, value)


def facts(node: TypedRespond) -> Facts:
    """It ends the run, and says its value to the caller."""
    uses = stated.of_template("answer", node.value, "value")
    return Facts(kind="respond", name=node.name, span=node.span, effect="answer", uses=uses)
