"""What differs between an app's tables and the database, as Alembic sees it; only what is ours is compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from writ.plan.identifiers import is_own, primary_key_name

_COMPARED = [
    *(f"alembic.autogenerate.{what}" for what in ("schemas", "tables", "types", "constraints", "defaults")),
    "alembic.ext.checkconstraint_byname",
]
_NAMED = frozenset({"index", "unique_constraint", "check_constraint", "foreign_key_constraint"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `kind` is Alembic's word (`add_column`), `table` the table's name, `what` the object it is about.

    `old` and `new` are what a `modify_…` leads from and to.
    """

    kind: str
    table: str
    what: Any
    old: Any = None
    new: Any = None


def changes(connection: sa.Connection, metadata: sa.MetaData) -> tuple[Change, ...]:
    """What has to change in the database for it to be as `metadata` says, in a stable order."""
    schema = str(metadata.schema)
    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "include_name": lambda name, kind, _parents: kind != "schema" or name == schema,
            "include_object": _is_ours,
            "compare_type": True,
            "compare_server_default": _other_default,
            "autogenerate_plugins": _COMPARED,
        },
    )
    found = [change for entry in compare_metadata(context, metadata) for change in _read(entry, metadata)]
    return tuple(sorted(found, key=lambda change: (change.kind, change.table, str(getattr(change.what, "name", "")))))


def _is_ours(thing: Any, name: str | None, kind: str, reflected: bool, _compared_to: Any) -> bool:
    """Tables, indexes and constraints that somebody else made in the schema are neither compared nor touched."""
    if not reflected:
        return True
    if kind == "table":
        return bool(thing.primary_key.name == primary_key_name(str(name)))
    return kind not in _NAMED or is_own(str(name))


def _read(entry: Any, metadata: sa.MetaData) -> Iterator[Change]:
    if isinstance(entry, list):
        for inner in entry:
            yield from _read(inner, metadata)
        return
    kind, *rest = entry
    if kind.startswith("modify_"):
        _, table, column, _, old, new = rest
        yield Change(kind, table, _table(metadata, table).c[column], old, new)
    elif kind.endswith("_column"):
        _, table, column = rest
        yield Change(kind, table, _table(metadata, table).c[column.name] if kind == "add_column" else column)
    elif kind.endswith("_table"):
        yield Change(kind, rest[0].name, _table(metadata, rest[0].name) if kind == "add_table" else rest[0])
    else:
        table = rest[0].table.name
        yield Change(kind, table, _named(metadata, table, rest[0].name) if kind.startswith("add_") else rest[0])


def _table(metadata: sa.MetaData, name: str) -> sa.Table:
    return metadata.tables[f"{metadata.schema}.{name}"]


def _named(metadata: sa.MetaData, table: str, name: str) -> Any:
    """The index or constraint itself: what Alembic hands on is a copy that has forgotten whose it is."""
    things: tuple[Any, ...] = (*_table(metadata, table).indexes, *_table(metadata, table).constraints)
    return next(thing for thing in things if thing.name == name)


def _other_default(
    context: MigrationContext,
    _inspected: Any,
    column: sa.Column[Any],
    in_database: str | None,
    _default: Any,
    wanted: str | None,
) -> bool:
    """Whether two defaults differ. PostgreSQL spells them in its own way, so it is asked what they come to."""
    if in_database is None or wanted is None:
        return in_database is not wanted
    if in_database == wanted or "(" in in_database or "(" in wanted:
        return in_database != wanted
    connection = context.connection
    if connection is None:
        raise ValueError("defaults can only be compared with a database")
    type = column.type.compile(dialect=connection.dialect).split(" COLLATE")[0]
    asked = f"SELECT ({in_database})::{type} IS DISTINCT FROM ({wanted})::{type}"  # noqa: S608
    return bool(connection.exec_driver_sql(asked).scalar_one())


def table_of(changes: tuple[Change, ...], kind: str) -> Mapping[str, tuple[Any, ...]]:
    """The objects of all changes of one kind, by table."""
    found: dict[str, tuple[Any, ...]] = {}
    for change in changes:
        if change.kind == kind:
            found[change.table] = (*found.get(change.table, ()), change.what)
    return found
