"""Tables: an app's entities as SQLAlchemy metadata, with every constraint PostgreSQL can keep by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from writ.nodes.typed import TypedApp
from writ.plan.columns import FieldColumn, column_type, columns_of, default_of, entity_columns, literal, quoted
from writ.plan.identifiers import constraint_name, primary_key_name, table_name
from writ.plan.indexes import Index, wanted_indexes
from writ.spec.resolved import Entity, EntityField
from writ.values.types import Enumeration, ListOf, Money, Text

NOT_ARCHIVED = "archived_at IS NULL"

_SYSTEM_DEFAULTS = {"id": "uuidv7()", "version": "1", "created_at": "now()", "updated_at": "now()"}


def app_tables(app: TypedApp) -> sa.MetaData:
    """The tables of an app, in the schema of its name. Tables and columns carry their entity and field in `info`."""
    metadata = sa.MetaData(schema=app.name)
    tables = entity_tables(app.name, app.entities, metadata)
    wanted = wanted_indexes(app)
    for name, entity in app.entities.items():
        _add_constraints(tables[name], entity)
        _add_unique(tables[name], entity)
        for index in wanted[name]:
            _add_index(tables[name], index)
    return metadata


def entity_tables(
    schema: str, entities: Mapping[str, Entity], metadata: sa.MetaData | None = None
) -> dict[str, sa.Table]:
    """The tables by entity, with columns and references but without indexes and checks: enough for statements."""
    metadata = metadata or sa.MetaData(schema=schema)
    return {name: _table(entity, metadata) for name, entity in sorted(entities.items())}


def _table(entity: Entity, metadata: sa.MetaData) -> sa.Table:
    name = table_name(entity.name)
    table = sa.Table(
        name,
        metadata,
        *(_column(column, entity) for column in entity_columns(entity)),
        sa.PrimaryKeyConstraint("id", name=primary_key_name(name)),
        info={"entity": entity.name},
    )
    for field in entity.fields.values():
        if field.references is not None:
            _add_reference(table, field)
    return table


def _column(column: FieldColumn, entity: Entity) -> sa.Column[Any]:
    default = _default(column, entity)
    return sa.Column(
        column.name,
        column_type(column.type),
        nullable=column.field.optional or column.field.name == "archived_at",
        server_default=None if default is None else sa.literal_column(default),
        info={"field": column.field.name},
    )


def _default(column: FieldColumn, entity: Entity) -> str | None:
    field = column.field
    if field.system and field.name in _SYSTEM_DEFAULTS:
        return _SYSTEM_DEFAULTS[field.name]
    if field.system and field.name == "state" and entity.lifecycle is not None:
        return literal(entity.lifecycle.initial, column.type)
    return default_of(column)


def _add_reference(table: sa.Table, field: EntityField) -> None:
    target = table_name(str(field.references))
    name = constraint_name("fk", table.name, field.name, f"{field.name} -> {target}.id")
    reference = sa.ForeignKeyConstraint([field.name], [f"{table.schema}.{target}.id"], name=name)
    reference.info.update(field=field.name)
    table.append_constraint(reference)


def _add_constraints(table: sa.Table, entity: Entity) -> None:
    for field in entity.fields.values():
        for what, condition in _checks(field):
            name = constraint_name("ck", table.name, f"{field.name}_{what}", condition)
            check = sa.CheckConstraint(sa.literal_column(condition), name=name)
            check.info.update(field=field.name, what=what, condition=condition)
            table.append_constraint(check)


def _checks(field: EntityField) -> Iterator[tuple[str, str]]:
    first = quoted(columns_of(field)[0].name)
    if isinstance(field.type, Money):
        yield from _money_checks(field)
    if isinstance(field.type, Enumeration):
        yield "values", f"{first} IN ({', '.join(literal(value, Text()) for value in field.type.values)})"
    if isinstance(field.type, ListOf):
        yield "elements", f"array_position({first}, NULL) IS NULL"
    yield from _bounds(field, first)


def _money_checks(field: EntityField) -> Iterator[tuple[str, str]]:
    amount, currency = (quoted(column.name) for column in columns_of(field))
    yield "currency", f"{currency} ~ '^[A-Z]{{3}}$'"
    if field.optional:
        yield "complete", f"({amount} IS NULL) = ({currency} IS NULL)"


def _bounds(field: EntityField, column: str) -> Iterator[tuple[str, str]]:
    if field.min_length is not None:
        yield "min_length", f"char_length({column}) >= {field.min_length}"
    if field.max_length is not None:
        yield "max_length", f"char_length({column}) <= {field.max_length}"
    if field.minimum is not None:
        yield "minimum", f"{column} >= {json.dumps(field.minimum)}"
    if field.maximum is not None:
        yield "maximum", f"{column} <= {json.dumps(field.maximum)}"
    if field.max_items is not None:
        yield "max_items", f"cardinality({column}) <= {field.max_items}"


def _add_unique(table: sa.Table, entity: Entity) -> None:
    """As partial indexes: an archived row is gone for the business and must not block a new one."""
    single = [(field.name,) for field in entity.fields.values() if field.unique]
    for names in dict.fromkeys((*single, *entity.unique)):
        columns = [column.name for name in names for column in columns_of(entity.fields[name])]
        name = constraint_name("uq", table.name, "_".join(columns), f"unique ({', '.join(columns)}) {NOT_ARCHIVED}")
        _attach(sa.Index(name, *(table.c[c] for c in columns), unique=True, **_where()), names)


def _add_index(table: sa.Table, index: Index) -> None:
    described = f"({', '.join(index.columns)}){'' if index.whole else ' ' + NOT_ARCHIVED}"
    name = constraint_name("ix", table.name, "_".join(index.columns), described)
    _attach(sa.Index(name, *(table.c[c] for c in index.columns), **({} if index.whole else _where())), index.columns)


def _where() -> dict[str, Any]:
    return {"postgresql_where": sa.literal_column(NOT_ARCHIVED)}


def _attach(index: sa.Index, fields: tuple[str, ...]) -> None:
    index.info.update(fields=fields)
