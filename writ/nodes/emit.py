"""`emit`: an event for others, kept by the transaction it stands in."""

from __future__ import annotations

from pydantic import Field

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts
from writ.nodes.stated import flattened
from writ.nodes.typed import TypedEmit
from writ.spec.raw_parts import ValuePart
from writ.spec.shape import Name, SpecModel


class EmitNode(SpecModel):
    """Tell of `event`, with `body`, those who listen, or the connector `to`."""

    emit: Name
    """The name of the node."""
    event: str = Field(examples=["order.paid"])
    """What happened, such as `order.paid`."""
    to: Name | None = None
    """The connector that is told."""
    body: ValuePart | None = None
    """What is told."""


def check(node: EmitNode, context: Context) -> TypedEmit | None:
    """An event is sound when its body is, and the connector is there."""
    context.claim(node.emit)
    connector = context.connector(node.to) if node.to else None
    template = context.template(node.body, None) if node.body else None
    if not node.event.strip():
        entries = node.marked.value
        span = entries["event"].span if isinstance(entries, dict) else node.emit.span
        context.problem("wrong-type", span, "an event has a name", "e.g. `event: order.paid`")
    if node.to and connector is None:
        return None
    body = {} if template is None else flattened(template, "")
    return TypedEmit(node.emit, node.emit.span, node.event, body, connector)


def facts(node: TypedEmit) -> Facts:
    """An event goes to the outbox."""
    uses = stated.each("event", node.body, "body")
    return Facts(kind="emit", name=node.name, span=node.span, effect="emit", uses=uses, receiver=node.connector)
