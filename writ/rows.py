"""Rows: from the columns PostgreSQL returns to the record an expression sees."""

from __future__ import annotations

from collections.abc import Mapping

from writ.values.types import Record
from writ.values.wire import Json

Columns = Mapping[str, Json]
"""One row as it came: column name to wire value, NULL as None."""

OLD = "old_"
"""What the columns of the row as it was before are called after, in a statement that changes rows."""


class RowShape:
    """How the columns of one entity become its records. Absent is absent: a NULL column is left out."""

    def __init__(self, record: Record) -> None:
        self._plain = tuple(field.name for field in record.fields if field.type.kind != "money")
        self._money = tuple(field.name for field in record.fields if field.type.kind == "money")

    def row(self, columns: Columns, prefix: str = "") -> dict[str, Json]:
        """The record in `columns`, or in those that start with `prefix`; columns that are not there are absent."""
        found = {name: value for name in self._plain if (value := columns.get(prefix + name)) is not None}
        for name in self._money:
            amount = columns.get(f"{prefix}{name}_amount")
            if amount is not None:
                found[name] = {"amount": amount, "currency": columns.get(f"{prefix}{name}_currency")}
        return found


def prune(value: Json, fields: tuple[str, ...] | None) -> Json:
    """Only these fields of a row, of each row of a list, or of the row an optional read found."""
    if fields is None:
        return value
    if isinstance(value, list):
        return [prune(element, fields) for element in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"row"} and "row" not in fields:
        return {"row": prune(value["row"], fields)}
    return {name: value[name] for name in fields if name in value}
