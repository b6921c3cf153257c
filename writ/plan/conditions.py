"""Conditions: a `where` as SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import ge, gt, le, lt
from typing import Any, assert_never

import sqlalchemy as sa
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.expression import ColumnElement

from writ.plan.columns import FieldColumn, columns_of
from writ.plan.failing import CannotCompile
from writ.plan.model import ValueParameter
from writ.plan.statement import Parameters, compiled
from writ.problems import Problem
from writ.spec.resolved import Condition, TypedExpression
from writ.values.types import ListOf, Money

Columns = ReadOnlyColumnCollection[str, Any]

_COMPARISONS = {"at_least": ge, "at_most": le, "above": gt, "below": lt}


def conditions(where: Sequence[Condition], columns: Columns, parameters: Parameters) -> Iterator[ColumnElement[bool]]:
    """Each condition of a `where` over the columns of a row; CannotCompile where one has no meaning in SQL."""
    for condition in where:
        found = _condition(condition, columns, parameters)
        if condition.when is None:
            yield found
        else:
            yield sa.or_(sa.not_(parameters.when(condition.when)), found)


def _condition(condition: Condition, columns: Columns, parameters: Parameters) -> ColumnElement[bool]:
    if condition.operator == "present":
        first: ColumnElement[Any] = columns[columns_of(condition.field)[0].name]
        return first.is_not(None) if condition.expects else first.is_(None)
    if condition.value is None:
        raise ValueError(f"the condition `{condition.operator}` has no value")
    if isinstance(condition.field.type, Money):
        _refuse_order_of_money(condition, condition.value)
    halves = [
        _compared(condition, condition.value, column, columns, parameters) for column in columns_of(condition.field)
    ]
    return sa.or_(*halves) if condition.operator == "differs" else sa.and_(*halves)


def _compared(
    condition: Condition, value: TypedExpression, column: FieldColumn, columns: Columns, parameters: Parameters
) -> ColumnElement[bool]:
    left: ColumnElement[Any] = columns[column.name]
    type = ListOf(element=column.type) if condition.operator == "among" else column.type
    right = parameters.value(
        ValueParameter(
            value=compiled(value),
            type=type,
            when=compiled(condition.when) if condition.when else None,
            part=column.part,
        )
    )
    match condition.operator:
        case "equals":
            return left == right
        case "differs":
            return left.is_distinct_from(right)
        case "among":
            return left == sa.any_(right)
        case "at_least" | "at_most" | "above" | "below":
            compared: ColumnElement[bool] = _COMPARISONS[condition.operator](left, right)
            return compared
        case "present":
            raise ValueError("a field is present or not, there is nothing to compare it with")
    assert_never(condition.operator)


def _refuse_order_of_money(condition: Condition, value: TypedExpression) -> None:
    if condition.operator not in ("equals", "differs"):
        message = (
            f"amounts of money cannot be compared by `{condition.operator}`: `{condition.field.name}` has a currency"
        )
        raise CannotCompile(Problem("money-comparison", value.span, message, "compare the whole amount with `equals`"))
