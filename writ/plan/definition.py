"""The definition: the DDL of all that an app's plans rely on in the database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint, CreateColumn, CreateIndex, CreateTable
from sqlalchemy.sql.ddl import ExecutableDDLElement

from writ.nodes.typed import TypedApp
from writ.plan.columns import quoted
from writ.plan.dialect import DIALECT
from writ.plan.row_security import create_policy, enabling, row_policies, schema_grant, table_grant
from writ.plan.tables import app_tables


def definition(app: TypedApp) -> tuple[str, ...]:
    """Schema, tables, constraints, indexes, policies and rights as sorted SQL statements."""
    tables = app_tables(app).tables.values()
    found = {create_schema(app.name), schema_grant(app.name)}
    for table in tables:
        found |= {create_table(table), table_grant(app.name, table.name)}
        found |= {add_constraint(constraint) for constraint in table.foreign_key_constraints}
        found |= {create_index(index) for index in table.indexes}
    for policy in row_policies(app):
        found |= {*enabling(app.name, policy.table), create_policy(app.name, policy)}
    return tuple(sorted(found))


def create_schema(schema: str) -> str:
    """The schema of an app."""
    return f"CREATE SCHEMA {quoted(schema)}"


def create_table(table: sa.Table) -> str:
    """The table with its checks; references come after, when all tables are there."""
    return _text(CreateTable(table, include_foreign_key_constraints=[]))


def add_constraint(constraint: sa.Constraint) -> str:
    """A reference or check added to a table that is there."""
    return _text(AddConstraint(constraint, isolate_from_table=False))


def create_index(index: sa.Index) -> str:
    """An index, unique ones too."""
    return _text(CreateIndex(index))


def column_definition(column: sa.Column[Any]) -> str:
    """Name, type, default and NOT NULL of a column, as after `ADD COLUMN`."""
    return str(CreateColumn(column).compile(dialect=DIALECT))


def type_of(column: sa.Column[Any]) -> str:
    """The type of a column without its collation, as after `::`."""
    return str(column.type.compile(dialect=DIALECT)).split(" COLLATE ")[0].lower()


def _text(ddl: ExecutableDDLElement) -> str:
    lines = (line.strip() for line in str(ddl.compile(dialect=DIALECT)).splitlines())
    return "\n".join(line for line in lines if line)
