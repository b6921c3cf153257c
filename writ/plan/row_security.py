"""Row-level security: ownership kept by PostgreSQL itself, and the little that the application's role may do.

It stands behind the predicates of the statements: one that forgot its predicate still shows nobody another's rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from writ.nodes.typed import TypedApp
from writ.plan.columns import quoted
from writ.plan.dialect import DIALECT
from writ.plan.identifiers import policy_name
from writ.plan.ownership import chain
from writ.plan.tables import entity_tables

OWNER_ROLE = "writ_owner"
APP_ROLE = "writ_app"
TABLE_RIGHTS = ("SELECT", "INSERT", "UPDATE")

# After a transaction a local setting is an empty text and no longer NULL: neither may ever equal an owner.
_SUBJECT = "nullif(current_setting('writ.subject', true), '')"
_SEES_ALL = "current_setting('writ.sees_all', true) = 'on'"


@dataclass(frozen=True, slots=True)
class RowPolicy:
    """The policy of one table. `name` holds a hash of `condition`: another condition is another policy."""

    table: str
    name: str
    condition: str


def row_policies(app: TypedApp) -> tuple[RowPolicy, ...]:
    """The policies of the entities that have an owner, by table."""
    tables = entity_tables(app.name, app.entities)
    found = []
    for name, entity in app.entities.items():
        if entity.owner is not None:
            table = tables[name]
            # As text, for a policy has no FROM: as a column, SQLAlchemy would add the table to that of the EXISTS.
            owning: ColumnElement[Any] = sa.literal_column(f"{quoted(table.name)}.{quoted(entity.owner)}")
            owner = chain(entity, owning, app.entities, tables, _is_subject)
            condition = f"({_SEES_ALL}) OR ({_text(owner)})"
            found.append(RowPolicy(table.name, policy_name(f"{table.name} {condition}"), condition))
    return tuple(sorted(found, key=lambda policy: policy.table))


def enabling(schema: str, table: str) -> tuple[str, ...]:
    """Switch row-level security on, for the table's owner too."""
    name = f"{quoted(schema)}.{quoted(table)}"
    return (f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY", f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")


def create_policy(schema: str, policy: RowPolicy) -> str:
    """The policy, for what is read and for what is written."""
    table = f"{quoted(schema)}.{quoted(policy.table)}"
    return f"CREATE POLICY {policy.name} ON {table} USING ({policy.condition}) WITH CHECK ({policy.condition})"


def disabling(schema: str, table: str) -> tuple[str, ...]:
    """Switch it off, for an entity that has no owner any more."""
    name = f"{quoted(schema)}.{quoted(table)}"
    return (f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY", f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY")


def schema_grant(schema: str, role: str = APP_ROLE) -> str:
    """Let the application's role see into the schema."""
    return f"GRANT USAGE ON SCHEMA {quoted(schema)} TO {quoted(role)}"


def table_grant(schema: str, table: str, role: str = APP_ROLE) -> str:
    """Let it read, insert and update; never delete or truncate."""
    return f"GRANT {', '.join(TABLE_RIGHTS)} ON TABLE {quoted(schema)}.{quoted(table)} TO {quoted(role)}"


def _is_subject(owner: ColumnElement[Any]) -> ColumnElement[bool]:
    return owner == sa.literal_column(_SUBJECT)


def _text(condition: ColumnElement[bool]) -> str:
    return " ".join(str(condition.compile(dialect=DIALECT)).split())
