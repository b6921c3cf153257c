"""`require`: go on only if something holds."""

from __future__ import annotations

from pydantic import Field

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts
from writ.nodes.typed import TypedRequire
from writ.spec.shape import Expr, Name, SpecModel
from writ.values import Boolean


class RequireNode(SpecModel):
    """Refuse with the code `else` unless `that` holds."""

    require: Name
    """The name of the node."""
    that: Expr
    """What must hold."""
    otherwise: Name = Field(alias="else")
    """The refusal where it does not."""


def check(node: RequireNode, context: Context) -> TypedRequire | None:
    """A require is sound when its condition is; what it proves present stays proven behind it."""
    context.claim(node.require)
    refusal = context.refusal(node.otherwise, "")
    checked = context.expression(node.that, Boolean())
    if checked is None:
        return None
    context.names = context.names.knowing(checked.implies)
    return TypedRequire(node.require, node.require.span, checked.typed, refusal)


def facts(node: TypedRequire) -> Facts:
    """It guards what follows."""
    uses = stated.one("that", "guard", node.that)
    return Facts(kind="require", name=node.name, span=node.span, uses=uses, refuses=True)
