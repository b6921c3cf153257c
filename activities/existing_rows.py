"""Whether the rows that are there allow a change: counted before it, so that a refusal can say how many do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from writ.plan.columns import quoted
from writ.plan.definition import type_of
from writ.plan.tables import NOT_ARCHIVED


@dataclass(frozen=True, slots=True)
class ExistingRows:
    """Counts rows as they will be: with the columns that are about to be added, at their defaults."""

    connection: sa.Connection
    schema: str
    added: Mapping[str, Sequence[sa.Column[Any]]]
    new_tables: frozenset[str]

    def all(self, table: str) -> int:
        """How many rows the table has, archived ones too."""
        return self._count(f"FROM {self._table(table)}")

    def without(self, table: str, column: str) -> int:
        """How many have no value in the column."""
        return self._count(f"FROM {self._table(table)} WHERE {quoted(column)} IS NULL")

    def breaking(self, table: str, condition: str) -> int:
        """How many the condition is false for; without a value it is not."""
        return self._count(f"FROM {self._rows(table)} WHERE NOT ({condition})")

    def repeated(self, table: str, columns: Sequence[str]) -> int:
        """How many sets of values occur in more than one row that is not archived."""
        names = ", ".join(quoted(column) for column in columns)
        present = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in columns)
        rows = f"FROM {self._rows(table)} WHERE {NOT_ARCHIVED} AND {present}"
        return self._count(f"FROM (SELECT 1 {rows} GROUP BY {names} HAVING count(*) > 1) AS repeated")

    def dangling(self, table: str, column: str, target: str) -> int:
        """How many refer to a row that is not there."""
        refers = f"FROM {self._rows(table)} WHERE {quoted(column)} IS NOT NULL"
        if target in self.new_tables:
            return self._count(refers)
        found = f"SELECT 1 FROM {self._table(target)} AS target WHERE target.id = {quoted(table)}.{quoted(column)}"  # noqa: S608
        return self._count(f"{refers} AND NOT EXISTS ({found})")

    def _rows(self, table: str) -> str:
        added = [f"{_default(column)} AS {quoted(column.name)}" for column in self.added.get(table, ())]
        return f"(SELECT {', '.join(['rows.*', *added])} FROM {self._table(table)} AS rows) AS {quoted(table)}"  # noqa: S608

    def _table(self, table: str) -> str:
        return f"{quoted(self.schema)}.{quoted(table)}"

    def _count(self, rows: str) -> int:
        return int(self.connection.exec_driver_sql(f"SELECT count(*) {rows}").scalar_one())


def _default(column: sa.Column[Any]) -> str:
    default = column.server_default
    value = str(default.arg) if isinstance(default, sa.DefaultClause) else "NULL"
    return f"({value})::{type_of(column)}"
