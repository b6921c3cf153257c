"""`set`: what create, update and transition write into fields."""

from __future__ import annotations

from collections.abc import Mapping

from writ.nodes.context import Context
from writ.source import Span
from writ.spec.bounds import outside
from writ.spec.conditions import unknown_field
from writ.spec.marked import Marked
from writ.spec.resolved import Assignment, Entity, EntityField, TypedExpression
from writ.spec.shape import Name
from writ.values import Integer, ListOf, Money, Number


def check_set(
    values: Mapping[Name, Marked], entity: Entity, context: Context, *, creating: bool
) -> tuple[Assignment, ...]:
    """The assignments of a `set`. A new row may be given any field of the author's, an existing one only mutable
    ones. Only in a new row an absent value leaves a field its default.
    """
    found = []
    for name, marked in values.items():
        field = entity.fields.get(name)
        if field is None:
            context.tool.problems.append(unknown_field(name, entity))
        elif _assignable(field, name.span, entity, context, creating=creating):
            _check_literal(field, marked, context)
            expected = None if isinstance(marked.value, dict | list) else field.type
            absent = field.optional or (creating and field.default is not None)
            value = context.template(marked, expected, may_be_absent=absent)
            if isinstance(value, TypedExpression):
                found.append(Assignment(field, value, name.span))
            elif value is not None:
                message = f"`{name}` takes one expression, not a mapping or list"
                context.problem("wrong-type", marked.head, message, f"put it in quotes{_example(field)}")
    return tuple(found)


def _example(field: EntityField) -> str:
    if isinstance(field.type, Money):
        return ": \"{'amount': 1250, 'currency': 'EUR'}\""
    return ": \"['a', 'b']\"" if isinstance(field.type, ListOf) else ""


def _check_literal(field: EntityField, marked: Marked, context: Context) -> None:
    """A number that the field can never hold would only be noticed when it is written."""
    if isinstance(field.type, Integer | Number) and isinstance(marked.value, int | float):
        reason = outside(field, marked.value)
        if reason:
            context.problem("out-of-bounds", marked.span, f"`{field.name}` cannot hold this: it {reason}")


def _assignable(field: EntityField, span: Span, entity: Entity, context: Context, *, creating: bool) -> bool:
    if field.name == "state":
        help = "a new row starts in its initial state" if creating else "use a `transition`"
        context.problem("not-assignable", span, "`state` cannot be set directly", help)
    elif field.system:
        context.problem("not-assignable", span, f"`{field.name}` is kept by the system", "leave it out")
    elif field.immutable and not creating:
        context.problem(
            "not-assignable", span, f"`{field.name}` of {entity.name} is immutable", "it can only be set by `create`"
        )
    elif field.name == entity.owner and not creating:
        context.problem(
            "not-assignable",
            span,
            f"`{field.name}` says whose row this is and cannot change",
            "create a new row instead",
        )
    else:
        return True
    return False


def check_complete(
    assignments: tuple[Assignment, ...], values: Mapping[Name, Marked], entity: Entity, span: Span, context: Context
) -> None:
    """Every field that is required and has no default must be set when a row is created."""
    owner = entity.fields.get(entity.owner or "")
    given = set(values) | ({owner.name} if owner and owner.references is None else set())
    for field in entity.fields.values():
        if field.system or field.optional or field.default is not None or field.name in given:
            continue
        context.problem(
            "missing-value",
            span,
            f"`{field.name}` of {entity.name} is required and is not set",
            f"add `{field.name}` to `set`",
        )
