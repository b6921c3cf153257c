"""`refuse`: end the run with a refusal."""

from __future__ import annotations

from writ.nodes.context import Context
from writ.nodes.facts import Facts
from writ.nodes.typed import TypedRefuse
from writ.spec.shape import Name, SpecModel


class RefuseNode(SpecModel):
    """End the run with the refusal of that code."""

    refuse: Name
    """The code of the refusal."""


def check(node: RefuseNode, context: Context) -> TypedRefuse:
    """A refuse is sound when the tool declares the refusal; nothing follows it."""
    refusal = context.refusal(node.refuse, "")
    context.ended = True
    return TypedRefuse(node.refuse, node.refuse.span, refusal)


def facts(node: TypedRefuse) -> Facts:
    """It ends the run."""
    return Facts(kind="refuse", name=node.name, span=node.span, effect="refusal", refuses=True)
