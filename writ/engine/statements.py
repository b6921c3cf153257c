"""The arguments of a statement: what each of its parameters is for given values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from writ.plan.model import (
    CreatePlan,
    Parameter,
    RowsParameter,
    SeesAllParameter,
    Statement,
    SubjectParameter,
    ValueParameter,
    WhenParameter,
)
from writ.program import ABSENT, EvaluationFailed, Expressions
from writ.refusals import Refused, refusal
from writ.values.wire import Json, Mismatch, normalise

Values = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a statement runs for."""

    subject: str
    sees_all: bool


@dataclass(frozen=True, slots=True)
class Arguments:
    """Works out arguments with the expressions of one plan for one caller."""

    expressions: Expressions
    caller: Caller

    def of(self, name: str, statement: Statement, values: Values, rows: str | None = None) -> list[Json]:
        """The arguments of a statement of the node `name`; refusal `value_not_computable` where one has no value."""
        try:
            return [self._one(parameter, values, rows) for parameter in statement.parameters]
        except (EvaluationFailed, Mismatch):
            raise _not_computable(name) from None

    def rows(self, plan: CreatePlan, elements: list[Json], values: Values) -> str:
        """The JSON text of the rows a set-based create inserts, one for each element."""
        try:
            return json.dumps([self._row(plan, {**values, plan.item: element}) for element in elements])
        except (EvaluationFailed, Mismatch):
            raise _not_computable(plan.name) from None

    def _row(self, plan: CreatePlan, values: Values) -> dict[str, Json]:
        return {column.column: self._one(column.value, values, None) for column in plan.columns}

    def _one(self, parameter: Parameter, values: Values, rows: str | None) -> Json:
        if isinstance(parameter, ValueParameter):
            return self._value(parameter, values)
        if isinstance(parameter, WhenParameter):
            return self.expressions.holds(parameter.when, values)
        if isinstance(parameter, SubjectParameter):
            return self.caller.subject
        if isinstance(parameter, SeesAllParameter):
            return self.caller.sees_all
        if isinstance(parameter, RowsParameter):
            return rows
        assert_never(parameter)

    def _value(self, parameter: ValueParameter, values: Values) -> Json:
        if parameter.when is not None and not self.expressions.holds(parameter.when, values):
            return None
        value = self.expressions.evaluate(parameter.value, values)
        if value is ABSENT or value is None:
            return None
        if parameter.part is not None and isinstance(value, Mapping):
            return value[parameter.part]
        return value if parameter.value.type == parameter.type else normalise(value, parameter.type)


def _not_computable(name: str) -> Refused:
    return Refused(refusal("value_not_computable", name, message=f"A value of `{name}` could not be computed."))
