"""`where`: a mapping from fields to values, or to conditions such as `{at_least: input.from, when:
has(input.from)}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from writ.problems import Problem, did_you_mean
from writ.spec.expressions import Names, check_expression, typed_expression
from writ.spec.marked import Marked
from writ.spec.resolved import Condition, Entity, EntityField, Operator, TypedExpression
from writ.spec.shape import Expr, Name
from writ.values import Boolean, Integer, ListOf, Number, Text, Timestamp, ValueType
from writ.values.types import Date, Money

OPERATORS: tuple[Operator, ...] = get_args(Operator)
_ORDERED = (Integer, Number, Timestamp, Date, Text)


def check_where(
    where: Mapping[Name, Marked], entity: Entity, names: Names, problems: list[Problem]
) -> tuple[Condition, ...]:
    """The conditions of a `where` on an entity."""
    found: list[Condition] = []
    for name, marked in where.items():
        field = entity.fields.get(name)
        if field is None:
            problems.append(unknown_field(name, entity))
        elif isinstance(marked.value, dict):
            found.extend(_conditions(field, marked, marked.value, names, problems))
        else:
            value = typed_expression(marked, names, field.type, problems)
            found.extend([Condition(field, "equals", value)] if value else [])
    return tuple(found)


def unknown_field(name: Name, entity: Entity) -> Problem:
    """The problem of a field the entity does not have, at the place of its name."""
    message = f"`{entity.name}` has no field `{name}`"
    return Problem("unknown-field", name.span, message, did_you_mean(name, entity.fields))


def _conditions(
    field: EntityField, marked: Marked, value: Mapping[str, Marked], names: Names, problems: list[Problem]
) -> list[Condition]:
    when, inner = _when(value, names, problems)
    operators = [key for key in value if key != "when"]
    for key in operators:
        if key not in OPERATORS:
            help = did_you_mean(key, [*OPERATORS, "when"])
            problems.append(Problem("unknown-key", marked.key_spans[key], f"`{key}` is not a condition", help))
    if not operators:
        problems.append(
            Problem(
                "missing-key", marked.head, f"no condition for `{field.name}`", f"write one of {', '.join(OPERATORS)}"
            )
        )
    built = [_condition(field, key, value[key], when, inner, problems) for key in OPERATORS if key in value]
    return [condition for condition in built if condition]


def _when(value: Mapping[str, Marked], names: Names, problems: list[Problem]) -> tuple[TypedExpression | None, Names]:
    if "when" not in value:
        return None, names
    expr = Expr.shaped(value["when"])
    if isinstance(expr, Problem):
        problems.append(expr)
        return None, names
    checked = check_expression(expr, names, Boolean(), problems)
    return (checked.typed, names.knowing(checked.implies)) if checked else (None, names)


def _condition(
    field: EntityField,
    operator: Operator,
    marked: Marked,
    when: TypedExpression | None,
    names: Names,
    problems: list[Problem],
) -> Condition | None:
    if operator == "present":
        if not isinstance(marked.value, bool):
            problems.append(Problem("wrong-type", marked.span, "expected true or false"))
            return None
        return Condition(field, "present", None, when, marked.value)
    if operator in ("at_least", "at_most", "above", "below") and not isinstance(field.type, _ORDERED):
        problems.append(
            Problem("expression-type", marked.span, f"`{field.name}` has no order, so `{operator}` has no meaning")
        )
        return None
    expected: ValueType = ListOf(element=field.type) if operator == "among" else field.type
    if isinstance(field.type, Money) and operator not in ("equals",):
        problems.append(
            Problem("expression-type", marked.span, f"money can only be compared with `equals`, not with `{operator}`")
        )
        return None
    value = typed_expression(marked, names, expected, problems)
    return Condition(field, operator, value, when) if value else None
