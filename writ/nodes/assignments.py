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
    """The assignments of a `set`, also of fields that no `set` may write. Only in a new row an absent value leaves a
    field its default.
    """
    found = []
    for name, marked in values.items():
        field = entity.fields.get(name)
        if field is None:
            context.tool.problems.append(unknown_field(name, entity))
        else:
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
