"""`call`: another tool of the app, between transactions."""

from __future__ import annotations

from pydantic import Field

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts
from writ.nodes.stated import flattened
from writ.nodes.typed import TypedCall
from writ.problems import did_you_mean
from writ.spec.complaints import quoted
from writ.spec.raw_parts import ValuePart
from writ.spec.resolved import TypedExpression
from writ.spec.shape import Name, SpecModel
from writ.values import Record, Unknown


class CallNode(SpecModel):
    """Call `tool` with `input`, as the same principal, or as the role `as`."""

    call: Name
    """The name of the node, and of its result in the nodes behind it."""
    tool: Name
    """The tool."""
    input: ValuePart | None = None
    """Its input."""
    acts_as: Name | None = Field(default=None, alias="as")
    """The role as which it is called; as the same principal if not said."""


def check(node: CallNode, context: Context) -> TypedCall | None:
    """A call is sound when there is the tool and what it is given fits it."""
    input = _input(node, context)
    role = context.role(node.acts_as) if node.acts_as else None
    type = context.tool.outputs.get(node.tool, Unknown())
    known = node.tool in context.tool.outputs
    if not known and node.tool not in context.tool.broken:
        help = did_you_mean(node.tool, context.tool.outputs)
        context.problem("unknown-tool", node.tool.span, f"there is no tool `{node.tool}`", help)
    context.bind(node.call, type)
    return TypedCall(node.call, node.call.span, str(node.tool), input, role, type) if known else None


def _input(node: CallNode, context: Context) -> dict[str, TypedExpression]:
    wanted = context.tool.inputs.get(node.tool)
    if node.input is not None:
        template = context.template(node.input, wanted)
        return {} if template is None else flattened(template, "")
    needed = [quoted(field.name) for field in wanted.fields if not field.optional] if isinstance(wanted, Record) else []
    if needed:
        message = f"`{node.tool}` needs an `input`"
        context.problem("missing-value", node.call.span, message, f"add `input` with {', '.join(needed)}")
    return {}


def facts(node: TypedCall) -> Facts:
    """Another tool runs, which may refuse or fail."""
    return Facts(
        kind="call",
        name=node.name,
        span=node.span,
        effect="call",
        uses=stated.each("call", node.input, "input"),
        calls=node.tool,
        acts_as=node.acts_as,
        refuses=True,
        fails=True,
        binds=node.name,
    )
