"""Row-level security and rights, kept in step: what is as it should be is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from writ.effects import Failure
from writ.nodes.typed import TypedApp
from writ.plan.columns import quoted
from writ.plan.identifiers import is_own, table_name
from writ.plan.row_security import (
    TABLE_RIGHTS,
    RowPolicy,
    create_policy,
    disabling,
    enabling,
    row_policies,
    schema_grant,
    table_grant,
)

_SECURED = """
SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class
WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relkind = 'r'
"""
_POLICIES = "SELECT tablename, policyname FROM pg_policies WHERE schemaname = $1 ORDER BY tablename, policyname"


def security(connection: sa.Connection, app: TypedApp, new_tables: frozenset[str], role: str) -> Iterator[str]:
    """The statements that are missing, policies first. Failure where the application's role does not exist."""
    if not connection.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = $1", (role,)).scalar():
        raise Failure("permanent", f"the role `{role}` does not exist in this database; create it, as `roles.sql` does")
    secured = {str(name): bool(on) for name, on in connection.exec_driver_sql(_SECURED, (app.name,))}
    policies = [(str(table), str(name)) for table, name in connection.exec_driver_sql(_POLICIES, (app.name,))]
    wanted = {policy.table: policy for policy in row_policies(app)}
    tables = sorted(table_name(entity) for entity in app.entities)
    for table in tables:
        present = {name for of, name in policies if of == table and is_own(name)}
        yield from _policy_steps(app.name, table, wanted.get(table), present, secured)
    yield from _grants(connection, app.name, tables, new_tables, role)


def _policy_steps(
    schema: str, table: str, wanted: RowPolicy | None, present: set[str], secured: Mapping[str, bool]
) -> Iterator[str]:
    for name in sorted(present - {wanted.name if wanted else ""}):
        yield f"DROP POLICY {quoted(name)} ON {quoted(schema)}.{quoted(table)}"
    if wanted is None:
        if present and secured.get(table):
            yield from disabling(schema, table)
        return
    if not secured.get(table):
        yield from enabling(schema, table)
    if wanted.name not in present:
        yield create_policy(schema, wanted)


def _grants(
    connection: sa.Connection, schema: str, tables: list[str], new_tables: frozenset[str], role: str
) -> Iterator[str]:
    exists = sa.inspect(connection).has_schema(schema)
    if not exists or not _may(connection, "has_schema_privilege", role, quoted(schema), "USAGE"):
        yield schema_grant(schema, role)
    for table in tables:
        name = f"{quoted(schema)}.{quoted(table)}"
        if table in new_tables or not all(
            _may(connection, "has_table_privilege", role, name, right) for right in TABLE_RIGHTS
        ):
            yield table_grant(schema, table, role)


def _may(connection: sa.Connection, asked: str, role: str, name: str, right: str) -> bool:
    question = f"SELECT {asked}($1::name, $2::text, $3::text)"
    return bool(connection.exec_driver_sql(question, (role, name, right)).scalar())
