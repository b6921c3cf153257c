"""Fields as columns: which columns a field has, of which PostgreSQL type, and how a fixed value is written in SQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from writ.plan.dialect import DIALECT
from writ.spec.resolved import Entity, EntityField
from writ.values.types import Integer, ListOf, Money, Text, ValueType

Part = Literal["amount", "currency"]

_SCALARS: dict[str, TypeEngine[Any]] = {
    "text": sa.Text(),
    "enumeration": sa.Text(),
    "integer": sa.BigInteger(),
    "number": sa.Double(),
    "boolean": sa.Boolean(),
    "timestamp": sa.DateTime(timezone=True),
    "date": sa.Date(),
    "uuid": sa.Uuid(),
    "duration": sa.Interval(),
}
_PREPARER = DIALECT.identifier_preparer


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """One column of a field. `part` is the half of a money value it holds, `type` the type of what it holds."""

    name: str
    field: EntityField
    type: ValueType
    part: Part | None = None


def columns_of(field: EntityField) -> tuple[FieldColumn, ...]:
    """The columns of a field: two for money (`price_amount`, `price_currency`), one for everything else."""
    if not isinstance(field.type, Money):
        return (FieldColumn(field.name, field, field.type),)
    return (
        FieldColumn(f"{field.name}_amount", field, Integer(), "amount"),
        FieldColumn(f"{field.name}_currency", field, Text(), "currency"),
    )


def entity_columns(entity: Entity) -> Iterator[FieldColumn]:
    """Every column of an entity, in the order statements return them."""
    for field in entity.fields.values():
        yield from columns_of(field)


def sql_type(type: ValueType) -> TypeEngine[Any]:
    """The PostgreSQL type of a scalar or a list of scalars; ValueError for anything that is no column."""
    if isinstance(type, ListOf):
        return ARRAY(sql_type(type.element))
    if type.kind not in _SCALARS:
        raise ValueError(f"a value of kind `{type.kind}` has no column")
    return _SCALARS[type.kind]


def column_type(type: ValueType) -> TypeEngine[Any]:
    """As `sql_type`, for the column itself: text sorts by code point, as in expressions, whatever the database says."""
    if isinstance(type, ListOf):
        return ARRAY(column_type(type.element))
    found = sql_type(type)
    return sa.Text(collation="C") if isinstance(found, sa.Text) else found


def type_text(type: ValueType) -> str:
    """The PostgreSQL type as written after `::`."""
    return str(sql_type(type).compile(dialect=DIALECT)).lower()


def quoted(name: str) -> str:
    """An identifier, in quotes where PostgreSQL needs them."""
    return _PREPARER.quote(name)


def text_literal(text: str) -> str:
    """A text as an SQL literal of one line, whatever `standard_conforming_strings` says."""
    if text.isprintable() and "\\" not in text:
        return f"'{_doubled(text)}'"
    escaped = "".join(it if it.isprintable() and it != "\\" else f"\\U{ord(it):08x}" for it in _doubled(text))
    return f"E'{escaped}'"


def _doubled(text: str) -> str:
    return text.replace("'", "''")


def default_of(column: FieldColumn) -> str | None:
    """The default of the author's for a column as an SQL literal, or None."""
    default = column.field.default
    if default is None:
        return None
    return literal(default[column.part] if column.part else default, column.type)


def literal(value: Any, type: ValueType) -> str:
    """A wire value as a typed SQL literal, for defaults and constraints of a table's definition."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple) and isinstance(type, ListOf):
        elements = ", ".join(literal(element, type.element) for element in value)
        return f"ARRAY[{elements}]::{type_text(type)}"
    if isinstance(value, int) and value >= 0:
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return f"{text_literal(text)}::{type_text(type)}"
