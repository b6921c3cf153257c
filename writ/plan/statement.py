"""Statements: SQLAlchemy expressions to PostgreSQL text with `$1, $2, …`, each with its type and what stands for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.types import TypeEngine

from writ.plan.columns import quoted, sql_type
from writ.plan.dialect import DIALECT
from writ.plan.model import (
    Expression,
    Parameter,
    SeesAllParameter,
    Statement,
    SubjectParameter,
    ValueParameter,
    WhenParameter,
)
from writ.spec.resolved import TypedExpression
from writ.values.types import Boolean, Text

BEFORE = "before"
AFTER = "after"
"""What the old and the new row are called where a write returns both."""


Row = sa.Alias[Any]
"""A table under the name a statement gives it."""


class Parameters:
    """The parameters of one statement. The same parameter used twice travels once."""

    def __init__(self) -> None:
        self._bound: dict[tuple[Parameter, str], sa.BindParameter[Any]] = {}

    def value(self, parameter: ValueParameter) -> sa.BindParameter[Any]:
        """A value computed by an expression, handed over by its type."""
        return self.bind(parameter, sql_type(parameter.type))

    def when(self, expression: TypedExpression) -> sa.BindParameter[Any]:
        """Whether an optional condition applies."""
        return self.bind(WhenParameter(when=compiled(expression)), sql_type(Boolean()))

    def subject(self) -> sa.BindParameter[Any]:
        """The principal's subject."""
        return self.bind(SubjectParameter(), sql_type(Text()))

    def sees_all(self) -> sa.BindParameter[Any]:
        """Whether the principal sees all rows."""
        return self.bind(SeesAllParameter(), sql_type(Boolean()))

    def bind(self, parameter: Parameter, type: TypeEngine[Any]) -> sa.BindParameter[Any]:
        """Any parameter as a value of an SQL type."""
        key = (parameter, str(type))
        if key not in self._bound:
            self._bound[key] = sa.bindparam(f"p{len(self._bound) + 1}", type_=type)
        return self._bound[key]

    def statement(
        self, clause: ClauseElement, *, returning: str = "", columns: Iterable[str] | None = None
    ) -> Statement:
        """The text of `clause` and, after it, of `returning`; `columns` names those an insert gives values to."""
        names = None if columns is None else list(columns)
        result = clause.compile(dialect=DIALECT, column_keys=names)
        lines = [line.strip() for line in f"{result}\n{returning}".splitlines()]
        meaning = {bound.key: parameter for (parameter, _), bound in self._bound.items()}
        order = getattr(result, "positiontup", None) or ()
        return Statement(sql="\n".join(line for line in lines if line), parameters=tuple(meaning[key] for key in order))


def compiled(expression: TypedExpression) -> Expression:
    """A checked expression as it stands in a plan."""
    return Expression(cel=expression.source, type=expression.type, may_be_absent=expression.may_be_absent)


def target(table: sa.Table) -> Row:
    """The table of a statement under its short name, which is never one that the statement needs for something else."""
    taken = (BEFORE, AFTER)
    return cast(Row, table.alias(f"{table.name}_" if table.name in taken else table.name))


def returning(table: sa.Table) -> str:
    """The RETURNING clause of an insert: every column."""
    return f"RETURNING {', '.join(quoted(column.name) for column in table.columns)}"


def returning_both(table: sa.Table) -> str:
    """The RETURNING clause of an update: every column of the new row and, prefixed `old_`, of the old one."""
    new = [f"{AFTER}.{quoted(column.name)}" for column in table.columns]
    old = [f"{BEFORE}.{quoted(column.name)} AS {quoted(f'old_{column.name}')}" for column in table.columns]
    return f"RETURNING WITH (OLD AS {BEFORE}, NEW AS {AFTER})\n{', '.join(new)},\n{', '.join(old)}"
