"""`wait`: the run rests, between transactions."""

from __future__ import annotations

from pydantic import Field

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts, Rest
from writ.nodes.typed import TypedWait
from writ.spec.forms import DurationText
from writ.spec.shape import Expr, Name, SpecModel
from writ.values import Timestamp


class WaitNode(SpecModel):
    """Rest as long as `for` says, or `until` a moment."""

    wait: Name
    """The name of the node."""
    lasting: DurationText | None = Field(default=None, alias="for")
    """How long."""
    until: Expr | None = None
    """Until which moment."""


def check(node: WaitNode, context: Context) -> TypedWait | None:
    """A wait is sound when it says how long, in one way."""
    context.claim(node.wait)
    until = context.expression(node.until, Timestamp()) if node.until else None
    if node.lasting is None and node.until is None:
        help = "add `for`, e.g. `for: 30m`, or `until`"
        context.problem("missing-key", node.wait.span, f"`{node.wait}` does not say how long", help)
        return None
    if node.lasting is not None and node.until is not None:
        span = node.marked.key_spans["until"]
        context.problem("misplaced-key", span, "`until` has no meaning beside `for`", "keep one of the two")
        return None
    if node.until is not None and until is None:
        return None
    seconds = node.lasting.seconds if node.lasting else None
    return TypedWait(node.wait, node.wait.span, seconds, until.typed if until else None)


def facts(node: TypedWait) -> Facts:
    """The run rests."""
    uses = stated.one("until", "until", node.until)
    return Facts(kind="wait", name=node.name, span=node.span, effect="wait", uses=uses, rest=Rest(node.seconds))
