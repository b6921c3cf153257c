"""Migrations: what publishing an app would do to the database, and why it may not.

What adds is done; what could lose data, or what the rows that are there would break, is refused with a way out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from activities.existing_rows import ExistingRows
from activities.schema_changes import Change, changes, table_of
from activities.schema_connection import schema_connection
from activities.schema_security import security
from writ.nodes.typed import TypedApp
from writ.plan.columns import quoted
from writ.plan.definition import add_constraint, column_definition, create_index, create_schema, create_table, type_of
from writ.plan.identifiers import entity_name
from writ.plan.row_security import APP_ROLE
from writ.plan.tables import app_tables


@dataclass(frozen=True, slots=True)
class MigrationRefusal:
    """A change that is not made, why, and the way out; of the whole entity where `field` is None."""

    entity: str
    field: str | None
    reason: str
    help: str

    def __str__(self) -> str:
        where = f"`{self.entity}`" if self.field is None else f"`{self.entity}.{self.field}`"
        return f"{where}: {self.reason}; {self.help}"


@dataclass(frozen=True, slots=True)
class Migration:
    """What is to be done, in order, and what is refused. With a refusal nothing at all may be done."""

    statements: tuple[str, ...]
    refusals: tuple[MigrationRefusal, ...]


async def migration(url: str, app: TypedApp, *, app_role: str = APP_ROLE) -> Migration:
    """What publishing `app` would change in the database at `url`; changes nothing. Failure where it cannot be told."""
    async with schema_connection(url, read_only=True) as connection:
        return await connection.run_sync(wanted, app, app_role)


def wanted(connection: sa.Connection, app: TypedApp, app_role: str = APP_ROLE) -> Migration:
    """As `migration`, inside a transaction that is open already."""
    metadata = app_tables(app)
    found = changes(connection, metadata)
    new_tables = frozenset(table_of(found, "add_table"))
    rows = ExistingRows(connection, app.name, table_of(found, "add_column"), new_tables)
    planned = [step for change in found for step in _steps(change, rows)]
    if not sa.inspect(connection).has_schema(app.name):
        planned.append((0, create_schema(app.name)))
    planned += [(_SECURITY, statement) for statement in security(connection, app, new_tables, app_role)]
    statements = [step for step in planned if not isinstance(step, MigrationRefusal)]
    refusals = dict.fromkeys(step for step in planned if isinstance(step, MigrationRefusal))
    return Migration(tuple(dict.fromkeys(text for _, text in sorted(statements, key=_order))), tuple(refusals))


# Each statement at its place: tables, what goes, columns, what holds for them, what refers to them.
_TABLES, _DROPS, _COLUMNS, _CHECKS, _INDEXES, _REFERENCES, _SECURITY = range(1, 8)
Step = tuple[int, str] | MigrationRefusal


def _order(step: tuple[int, str]) -> tuple[int, str]:
    # Rights and policies keep the order they were planned in.
    place, text = step
    return place, "" if place == _SECURITY else text


def _steps(change: Change, rows: ExistingRows) -> Iterable[Step]:
    if change.kind not in _STEPS:
        raise ValueError(f"there is no rule for the change `{change.kind}`")
    return _STEPS[change.kind](change, rows)


def _add_table(change: Change, rows: ExistingRows) -> Iterator[Step]:
    yield _TABLES, create_table(change.what)
    for reference in change.what.foreign_key_constraints:
        yield _REFERENCES, add_constraint(reference)


def _remove_table(change: Change, rows: ExistingRows) -> Iterator[Step]:
    count = rows.all(change.table)
    if count == 0:
        # It may stay: it loses nothing, and runs in flight may still use it.
        return
    yield MigrationRefusal(
        entity_name(change.table),
        None,
        f"the entity is gone from the specs, and its table holds {_counted(count)}",
        f"keep the entity, or drop the table yourself when no run needs it: `DROP TABLE {_name(change, rows)}`",
    )


def _add_column(change: Change, rows: ExistingRows) -> Iterator[Step]:
    count = 0 if change.what.nullable or change.what.server_default is not None else rows.all(change.table)
    if count:
        reason = f"the field is new and required, and {_counted(count)} would have no value for it"
        yield _refusal(change, reason, "make it `optional`, or give it a `default`")
    else:
        yield _COLUMNS, f"ALTER TABLE {_name(change, rows)} ADD COLUMN {column_definition(change.what)}"


def _remove_column(change: Change, rows: ExistingRows) -> Iterator[Step]:
    if change.what.nullable or change.what.server_default is not None:
        # It may stay: new rows do without it, runs in flight still use it, and going back to it finds its values.
        return
    column = quoted(change.what.name)
    yield MigrationRefusal(
        entity_name(change.table),
        change.what.name,
        "the field is gone from the specs, but its column takes no row without a value, and dropping it would lose "
        "what stands in it",
        "keep the field (a rename is a new field: copy, then drop), or drop the column yourself when no run needs it:"
        f" `ALTER TABLE {_name(change, rows)} DROP COLUMN {column}`",
    )


def _modify_type(change: Change, rows: ExistingRows) -> Iterator[Step]:
    old = str(change.old.compile(dialect=rows.connection.dialect)).lower()
    reason = f"its type would change from `{old}` to `{type_of(change.what)}`"
    yield _refusal(change, reason, "keep the type, or add a field of another name with the new type")


def _modify_nullable(change: Change, rows: ExistingRows) -> Iterator[Step]:
    column = quoted(change.what.name)
    count = 0 if change.what.nullable else rows.without(change.table, change.what.name)
    if count:
        reason = f"it would become required, and {_counted(count)} {_have(count)} no value for it"
        yield _refusal(change, reason, "leave it `optional`, or give every row a value first")
    else:
        action = "DROP" if change.what.nullable else "SET"
        yield _CHECKS, f"ALTER TABLE {_name(change, rows)} ALTER COLUMN {column} {action} NOT NULL"


def _modify_default(change: Change, rows: ExistingRows) -> Iterator[Step]:
    default = change.what.server_default
    action = "DROP DEFAULT" if default is None else f"SET DEFAULT {default.arg}"
    yield _COLUMNS, f"ALTER TABLE {_name(change, rows)} ALTER COLUMN {quoted(change.what.name)} {action}"


def _add_check(change: Change, rows: ExistingRows) -> Iterator[Step]:
    info = change.what.info
    count = rows.breaking(change.table, info["condition"])
    if count:
        reason = f"{_counted(count)} would break its new rule `{info['condition']}`"
        yield _refusal(change, reason, "keep the rule as wide as the rows are, or change the rows first")
    else:
        yield _CHECKS, add_constraint(change.what)


def _add_index(change: Change, rows: ExistingRows) -> Iterator[Step]:
    columns = [column.name for column in change.what.columns]
    is_new = change.table in rows.new_tables or not change.what.unique
    count = 0 if is_new else rows.repeated(change.table, columns)
    if count:
        occur = "value occurs" if count == 1 else "values occur"
        reason = f"it would become unique, and {count} {occur} more than once"
        yield _refusal(change, reason, "leave it as it is, or archive or change the rows that repeat a value first")
    else:
        yield _INDEXES, create_index(change.what)


def _add_reference(change: Change, rows: ExistingRows) -> Iterator[Step]:
    target = change.what.elements[0].column.table
    count = rows.dangling(change.table, change.what.column_keys[0], target.name)
    if count:
        reason = f"{_counted(count)} {'refers' if count == 1 else 'refer'} to no `{target.info['entity']}`"
        yield _refusal(change, reason, "add a field of another name for the new reference, or change the rows first")
    else:
        yield _REFERENCES, add_constraint(change.what)


def _drop_constraint(change: Change, rows: ExistingRows) -> Iterator[Step]:
    yield _DROPS, f"ALTER TABLE {_name(change, rows)} DROP CONSTRAINT {quoted(change.what.name)}"


def _drop_index(change: Change, rows: ExistingRows) -> Iterator[Step]:
    yield _DROPS, f"DROP INDEX {quoted(rows.schema)}.{quoted(change.what.name)}"


_STEPS: dict[str, Callable[[Change, ExistingRows], Iterable[Step]]] = {
    "add_table": _add_table,
    "remove_table": _remove_table,
    "add_column": _add_column,
    "remove_column": _remove_column,
    "modify_type": _modify_type,
    "modify_nullable": _modify_nullable,
    "modify_default": _modify_default,
    "add_constraint": _add_check,
    "remove_constraint": _drop_constraint,
    "add_index": _add_index,
    "remove_index": _drop_index,
    "add_fk": _add_reference,
    "remove_fk": _drop_constraint,
}


def _refusal(change: Change, reason: str, help: str) -> MigrationRefusal:
    info: dict[str, Any] = change.what.info
    field = info.get("field") or ", ".join(info.get("fields", ()))
    entity = change.what.table.info.get("entity") or entity_name(change.table)
    return MigrationRefusal(entity, field, reason, help)


def _name(change: Change, rows: ExistingRows) -> str:
    return f"{quoted(rows.schema)}.{quoted(change.table)}"


def _counted(count: int) -> str:
    return f"{count} {'row' if count == 1 else 'rows'}"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
