"""`transform`: compute a value and give it a name."""

from __future__ import annotations

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts
from writ.nodes.typed import TypedTransform
from writ.spec.expressions import template_type
from writ.spec.raw_parts import ValuePart
from writ.spec.shape import Name, SpecModel


class TransformNode(SpecModel):
    """`value` is an expression, or a mapping or list of expressions."""

    transform: Name
    """The name of the node, and of its result in the nodes behind it."""
    value: ValuePart
    """The value: an expression, or a mapping or list of them."""


def check(node: TransformNode, context: Context) -> TypedTransform | None:
    """A transform is sound when its expressions are."""
    value = context.template(node.value, None)
    if value is None:
        context.bind_unknown(node.transform)
        return None
    type = template_type(value, node.transform)
    context.bind(node.transform, type)
    return TypedTransform(node.transform, node.transform.span, value, type)


def facts(node: TypedTransform) -> Facts:
    """It only computes."""
    uses = stated.of_template("bind", node.value, "value")
    return Facts(kind="transform", name=node.name, span=node.span, uses=uses, binds=node.name)
