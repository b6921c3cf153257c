"""Forms that the facts of several kinds share: templates flattened, and the uses of a `where` and of a `set`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from writ.nodes.facts import Purpose, Use
from writ.nodes.typed import TypedNode
from writ.source import Span
from writ.spec.resolved import Assignment, Condition, EntityField, TypedExpression, TypedTemplate

Inner = tuple[tuple[str, tuple[TypedNode, ...]], ...]
"""The lists of nodes in a container, each with its name."""


def flattened(template: TypedTemplate, place: str) -> dict[str, TypedExpression]:
    """The expressions of a template by their places, dotted below `place`; elements of lists by their number from 0."""
    if isinstance(template, TypedExpression):
        return {place: template}
    entries = template.items() if isinstance(template, dict) else enumerate(template)
    found: dict[str, TypedExpression] = {}
    for key, inner in entries:
        found.update(flattened(inner, f"{place}.{key}" if place else str(key)))
    return found


def one(place: str, purpose: Purpose, expression: TypedExpression | None) -> tuple[Use, ...]:
    """The use of an expression that may be left out."""
    return () if expression is None else (Use(place, purpose, expression),)


def each(purpose: Purpose, expressions: Mapping[str, TypedExpression], below: str = "") -> tuple[Use, ...]:
    """The uses of expressions given by their places, all below the place `below`."""
    return tuple(Use(f"{below}.{place}" if below else place, purpose, it) for place, it in expressions.items())


def of_template(purpose: Purpose, template: TypedTemplate | None, place: str) -> tuple[Use, ...]:
    """The uses of a template, where there is one."""
    return () if template is None else each(purpose, flattened(template, place))


def of_where(where: Sequence[Condition]) -> tuple[Use, ...]:
    """What the conditions of a `where` compare with, and what says whether they apply."""
    return tuple(use for condition in where for use in _of_condition(condition))


def _of_condition(condition: Condition) -> Iterator[Use]:
    place = f"where.{condition.field.name}"
    if condition.value is not None:
        yield Use(place, "where", condition.value, condition.field, condition.operator)
    if condition.when is not None:
        yield Use(f"{place}.when", "condition", condition.when, condition.field, condition.operator)


def of_set(assignments: Sequence[Assignment]) -> tuple[Use, ...]:
    """What is written into fields."""
    return tuple(Use(f"set.{it.field.name}", "set", it.value, it.field) for it in assignments)


def sets(assignments: Sequence[Assignment]) -> tuple[tuple[EntityField, Span], ...]:
    """The fields that are written, each with its place."""
    return tuple((it.field, it.span) for it in assignments)
