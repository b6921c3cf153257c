"""Invariants: figures over other rows, and the rows whose figure a change may have moved.

Both look at every row that is not archived, whoever owns it: they hold for the business, not for one principal.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from writ.plan.columns import columns_of
from writ.plan.conditions import conditions
from writ.plan.failing import CannotCompile
from writ.plan.indexes import tied_fields
from writ.plan.model import AggregateInvariant, Expression, Invariant, RowInvariant, Statement, ValueParameter
from writ.plan.ownership import Entities, Tables
from writ.plan.statement import Parameters, Row, compiled, target
from writ.problems import Problem
from writ.spec.resolved import Aggregate, Entity, EntityField, ResolvedInvariant
from writ.values.types import Integer


def invariant(entity: Entity, stated: ResolvedInvariant, entities: Entities, tables: Tables) -> Invariant:
    """An invariant of `entity` as a plan; CannotCompile where nothing ties an aggregate to the row it is stated for."""
    if stated.aggregate is None:
        return RowInvariant(name=stated.name, that=compiled(stated.that), message=stated.message)
    return AggregateInvariant(
        name=stated.name,
        figure=stated.aggregate.figure,
        over=stated.aggregate.entity,
        statement=_figure(stated.aggregate, entities, tables),
        affected=_affected(entity, stated, stated.aggregate, tables),
        that=compiled(stated.that),
        message=stated.message,
    )


def _figure(aggregate: Aggregate, entities: Entities, tables: Tables) -> Statement:
    parameters = Parameters()
    row = target(tables[entities[aggregate.entity].name])
    where = (*conditions(aggregate.where, row.c, parameters), row.c.archived_at.is_(None))
    figure: ColumnElement[Any] = sa.func.count() if aggregate.of is None else _sum(aggregate.of, row)
    return parameters.statement(sa.select(figure.label("figure")).select_from(row).where(*where))


def _sum(field: EntityField, row: Row) -> ColumnElement[Any]:
    column = columns_of(field)[0]
    total = sa.func.coalesce(sa.func.sum(row.c[column.name]), sa.literal_column("0"))
    # PostgreSQL adds whole numbers up as `numeric`; beyond the column's own type that is an error, no wrong answer.
    return sa.cast(total, sa.BigInteger() if isinstance(column.type, Integer) else sa.Double())


def _affected(entity: Entity, stated: ResolvedInvariant, aggregate: Aggregate, tables: Tables) -> Statement:
    tied = {name: it for name, it in tied_fields(aggregate.where).items() if name in entity.fields}
    if not tied:
        raise CannotCompile(_not_tied(entity, stated, aggregate))
    parameters = Parameters()
    row = target(tables[entity.name])
    guards: list[ColumnElement[bool]] = [row.c.archived_at.is_(None)]
    for name, condition in tied.items():
        for column in columns_of(entity.fields[name]):
            value = Expression(
                cel=f"row.{condition.field.name}", type=condition.field.type, may_be_absent=condition.field.optional
            )
            bound = parameters.value(ValueParameter(value=value, type=column.type, part=column.part))
            guards.insert(-1, row.c[column.name] == bound)
    return parameters.statement(sa.select(*row.c).where(*guards).order_by(row.c.id))


def _not_tied(entity: Entity, stated: ResolvedInvariant, aggregate: Aggregate) -> Problem:
    message = f"nothing ties the rows of `{aggregate.entity}` that `{stated.name}` counts to one row of `{entity.name}`"
    help = (
        f"add a condition such as `field: this.id` to its `where`, with a field of `{aggregate.entity}`:"
        " without one, every change would have to be checked against every row"
    )
    return Problem("invariant-not-tied", stated.span, message, help)
