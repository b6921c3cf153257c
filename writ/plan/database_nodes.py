"""Statements of the database nodes: read, create, update, transition, archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.expression import ColumnElement

from writ.nodes.typed import TypedArchive, TypedCreate, TypedRead, TypedTransition, TypedUpdate
from writ.plan.columns import columns_of, default_of, entity_columns, sql_type, text_literal
from writ.plan.conditions import conditions
from writ.plan.model import ColumnValue, RowsParameter, Statement, SubjectParameter, ValueParameter
from writ.plan.ownership import Entities, Tables, owned, owned_by
from writ.plan.statement import Parameters, Row, compiled, returning, returning_both, target
from writ.plan.tables import entity_tables
from writ.spec.resolved import Assignment, Condition, Entity
from writ.values.types import Integer

MOST_ROWS = 1000
"""No statement returns more rows than this."""

_ENOUGH_TO_TELL = 2
_Write = TypedUpdate | TypedTransition | TypedArchive
_Values = dict[str, ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Database:
    """The entities of an app and their tables."""

    entities: Entities
    tables: Tables

    def read(self, node: TypedRead) -> Statement:
        """The rows in the order asked for, at last by id, so that the same rows always come in the same order."""
        parameters = Parameters()
        row = target(self.tables[node.entity.name])
        query = sa.select(*row.c).where(*self._visible(node.entity, node.where, row, parameters))
        query = query.order_by(*_order(node, row)).limit(_limit(node, parameters))
        if node.lock is not None:
            query = query.with_for_update(of=row, read=node.lock == "share")
        return parameters.statement(query)

    def create(self, node: TypedCreate) -> Statement:
        """One row. Whether the caller may own it is decided by row-level security."""
        parameters = Parameters()
        table = self.tables[node.entity.name]
        given = {
            it.column: parameters.value(it.value) if isinstance(it.value, ValueParameter) else parameters.subject()
            for it in column_values(node)
        }
        values: _Values = _or_default(node, given)
        insert = sa.insert(table).values(values) if values else sa.insert(table)
        return parameters.statement(insert.inline(), returning=returning(table), columns=values)

    def create_many(self, node: TypedCreate) -> Statement:
        """One row for each of a list that travels as one JSON text."""
        parameters = Parameters()
        table = self.tables[node.entity.name]
        rows = parameters.bind(RowsParameter(), JSONB())
        names = [column.column for column in column_values(node)]
        if not names:
            elements = sa.func.jsonb_array_elements(rows).table_valued("value").alias("x")
            query = sa.select(sa.func.uuidv7()).select_from(elements)
            return parameters.statement(table.insert().from_select(["id"], query), returning=returning(table))
        types = {column.name: sql_type(column.type) for column in entity_columns(node.entity)}
        fields = [sa.column(name, types[name]) for name in names]
        elements = sa.func.jsonb_to_recordset(rows).table_valued(*fields).render_derived(name="x", with_types=True)
        values = _or_default(node, {column.name: column for column in elements.c})
        insert = table.insert().from_select(names, sa.select(*values.values()))
        return parameters.statement(insert, returning=returning(table))

    def update(self, node: TypedUpdate) -> Statement:
        """Change fields of the rows."""
        return self._write(node, node.set, {}, None)

    def transition(self, node: TypedTransition, sources: Sequence[str]) -> Statement:
        """Move the rows to the state `to`, those only that are in one of `sources`."""
        return self._write(node, node.set, {"state": sa.literal_column(text_literal(node.to))}, sources)

    def archive(self, node: TypedArchive) -> Statement:
        """Hide the rows."""
        return self._write(node, (), {"archived_at": sa.func.now()}, None)

    def present(self, node: TypedTransition) -> Statement:
        """The rows a transition looks for, whatever their state."""
        parameters = Parameters()
        row = target(self.tables[node.entity.name])
        query = sa.select(row.c.id, row.c.state).where(*self._visible(node.entity, node.where, row, parameters))
        return parameters.statement(query.order_by(row.c.id).limit(sa.literal_column(str(MOST_ROWS))))

    def _write(
        self, node: _Write, assigned: Sequence[Assignment], fixed: _Values, sources: Sequence[str] | None
    ) -> Statement:
        parameters = Parameters()
        table = self.tables[node.entity.name]
        row = target(table)
        values = _assigned(assigned, parameters)
        guards = list(self._visible(node.entity, node.where, row, parameters))
        if sources is not None:
            guards.append(_in_state(row.c.state, sources))
        if node.entity.owner in values:
            guards.append(owned_by(node.entity, values[str(node.entity.owner)], self.entities, self.tables, parameters))
        kept: _Values = {"version": row.c.version + sa.literal_column("1"), "updated_at": sa.func.now()}
        update = sa.update(row).values({row.c[name]: value for name, value in {**values, **fixed, **kept}.items()})
        return parameters.statement(update.where(*guards), returning=returning_both(table))

    def _visible(
        self, entity: Entity, where: Sequence[Condition], row: Row, parameters: Parameters
    ) -> list[ColumnElement[bool]]:
        found = [*conditions(where, row.c, parameters), row.c.archived_at.is_(None)]
        ownership = owned(entity, row.c, self.entities, self.tables, parameters)
        return found if ownership is None else [*found, ownership]


def database(schema: str, entities: Entities) -> Database:
    """The statements' view of an app: its entities and bare tables."""
    return Database(entities, entity_tables(schema, entities))


def column_values(node: TypedCreate) -> tuple[ColumnValue, ...]:
    """What each column of a new row gets: what is assigned, and the principal as owner where nothing else is said."""
    found = [
        ColumnValue(column=column, value=value)
        for assignment in node.set
        for column, value in _parts(assignment).items()
    ]
    owner = node.entity.fields.get(node.entity.owner or "")
    if owner is not None and owner.references is None and owner.name not in {it.field.name for it in node.set}:
        found.append(ColumnValue(column=owner.name, value=SubjectParameter()))
    return tuple(found)


def _or_default(node: TypedCreate, values: Mapping[str, ColumnElement[Any]]) -> _Values:
    """The values of a new row, where one that may be absent gives way to the default of its field."""
    defaults = {
        column.name: default
        for assignment in node.set
        if assignment.value.may_be_absent
        for column in columns_of(assignment.field)
        if (default := default_of(column)) is not None
    }
    return {
        name: sa.func.coalesce(value, sa.literal_column(defaults[name])) if name in defaults else value
        for name, value in values.items()
    }


def _parts(assignment: Assignment) -> Mapping[str, ValueParameter]:
    value = compiled(assignment.value)
    return {
        column.name: ValueParameter(value=value, type=column.type, part=column.part)
        for column in columns_of(assignment.field)
    }


def _assigned(assignments: Sequence[Assignment], parameters: Parameters) -> _Values:
    return {
        column: parameters.value(value) for assignment in assignments for column, value in _parts(assignment).items()
    }


def _in_state(state: ColumnElement[Any], sources: Sequence[str]) -> ColumnElement[bool]:
    if not sources:
        return sa.false()
    return state.in_([sa.literal_column(text_literal(source)) for source in sources])


def _order(node: TypedRead, row: Row) -> list[ColumnElement[Any]]:
    order: list[ColumnElement[Any]] = []
    for name, descending in node.order:
        for column in columns_of(node.entity.fields[name]):
            by = row.c[column.name].desc() if descending else row.c[column.name].asc()
            # Without a value comes last, both ways: that is what a list that begins with the greatest is for.
            order.append(by.nulls_last() if descending and column.field.optional else by)
    return order if any(name == "id" for name, _ in node.order) else [*order, row.c.id.asc()]


def _limit(node: TypedRead, parameters: Parameters) -> ColumnElement[Any]:
    if node.expect != "many":
        return sa.literal_column(str(_ENOUGH_TO_TELL))
    most: ColumnElement[int] = sa.literal_column(str(MOST_ROWS))
    if node.limit is None:
        return most
    limit = parameters.value(ValueParameter(value=compiled(node.limit), type=Integer()))
    return sa.func.greatest(sa.func.least(limit, most), sa.literal_column("0"))
