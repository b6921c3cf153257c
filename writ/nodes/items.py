"""What repeats over a list: the list itself, and the name an element of it has inside."""

from __future__ import annotations

from writ.nodes.context import Context
from writ.source import Span
from writ.spec.resolved import TypedExpression
from writ.spec.shape import Expr, Name
from writ.values import Anything, ListOf, Unknown, ValueType


def list_of(over: Expr, context: Context) -> TypedExpression | None:
    """What is repeated over; None and a problem where it is wrong or no list."""
    checked = context.expression(over, None)
    if checked is None:
        return None
    if not isinstance(checked.typed.type, ListOf | Anything):
        context.problem("expression-type", over.marked.span, "`over` needs a list")
        return None
    return checked.typed


def element_place(node: Name, item: Name, span: Span, over: TypedExpression | None, context: Context) -> Context:
    """Where what is repeated stands: there an element of the list is called `item`, which is written at `span`."""
    place = context.branch()
    untyped = over.type if over and isinstance(over.type, Anything) else Unknown()
    type: ValueType = over.type.element if over and isinstance(over.type, ListOf) else untyped
    if not context.may_be_called(item, span):
        return place
    taken = item == node or item in context.tool.taken or context.tool.types.get(item, type) != type
    if over is not None and (taken or item in context.names.types):
        context.problem("duplicate-name", span, f"`{item}` is taken in this tool", "choose another name with `as`")
    elif over is not None:
        context.tool.types[str(item)] = type
    if item not in context.names.types:
        place.names = place.names.with_name(item, type)
    return place
