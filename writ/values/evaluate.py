"""Evaluate an expression over wire values: the same source and values give the same JSON, or the same failure.

Anything that cannot be computed is an `EvaluationFailed`; nothing is guessed, defaulted or coerced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final, Literal

from cel_expr_python import cel  # type: ignore[import-untyped]

from writ.values.convert import Convert, conversion
from writ.values.decode import decode
from writ.values.dialect import LONGEST, NAMESPACES, TYPE_NAMES, evaluation
from writ.values.failures import EvaluationFailed, reason_of
from writ.values.syntax import Node, Path, Select, path_of, references
from writ.values.types import Anything, Nothing, ValueType, field_of
from writ.values.wire import Json, Mismatch, duration, normalise, sort_keys, timestamp


class _Absent(Enum):
    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent.ABSENT
"""What a plain path gives that leads to no value, where that is allowed."""

Absent = Literal[_Absent.ABSENT]


@dataclass(frozen=True)
class Program:
    """A compiled expression. It holds no values and may be evaluated any number of times."""

    source: str
    result: ValueType | None
    _path: Path | None
    _path_type: ValueType
    _absent_allowed: bool
    _expression: cel.Expression
    _inputs: tuple[tuple[str, Convert | None], ...]
    _references: tuple[Path, ...]

    @classmethod
    def compile(
        cls,
        source: str,
        scope: Mapping[str, ValueType],
        result: ValueType | None = None,
        *,
        absent_allowed: bool = False,
    ) -> Program:
        """Prepare `source` for values of the types in `scope`; `EvaluationFailed` where it is no expression over them.

        The outcome is brought into the wire form of `result` where that is given. With `absent_allowed`, a plain path
        that leads nowhere gives `ABSENT` instead of failing.
        """
        expression, root = _parse(source)
        found = references(root)
        for path in found:
            if path[0] not in scope and path[0] not in NAMESPACES | TYPE_NAMES:
                raise EvaluationFailed(f"`{path[0]}` is not known here", source)
        plain = _plain_path(root, scope)
        return cls(
            source=source,
            result=result,
            _path=plain,
            _path_type=_type_of(plain, scope) if plain else Anything(),
            _absent_allowed=absent_allowed,
            _expression=expression,
            _inputs=_inputs(found, scope),
            _references=tuple(sorted(found)),
        )

    def evaluate(self, values: Mapping[str, Json]) -> Json | Absent:
        """The outcome over `values` (wire values by variable) as a wire value with sorted keys.

        `EvaluationFailed` where there is none: a missing value, a type that does not fit, a division by zero, a number
        that JSON cannot carry, a result that is not JSON, or an exhausted budget.
        """
        if self._path:
            return self._look_up(self._path, values)
        value = self._run(values)
        if self.result is None and isinstance(value, bool):
            return value
        try:
            return sort_keys(normalise(_to_wire(value), self.result or Anything()))
        except _BROKEN as error:
            raise EvaluationFailed(_unfit(error), self.source) from error

    def permits(self, values: Mapping[str, Json]) -> bool:
        """True only where the outcome is exactly `true`; a failure to compute is raised, and the caller refuses."""
        return self._run(values) is True

    def _run(self, values: Mapping[str, Json]) -> object:
        try:
            value = self._expression.eval(data=self._native(values))
            kind, plain = value.type(), value.plain_value()
        except _BROKEN as error:
            raise EvaluationFailed(reason_of(error, self._references), self.source) from error
        if kind == cel.Type.BOOL:
            return plain
        if kind in (cel.Type.ERROR, cel.Type.UNKNOWN):
            # the engine's other form of error: an ordinary value, whose text would pass for true
            raise EvaluationFailed(reason_of(str(plain), self._references), self.source)
        return plain

    def _native(self, values: Mapping[str, Json]) -> dict[str, Any]:
        native = {}
        for root, convert in self._inputs:
            if root in values:
                native[root] = values[root] if convert is None else convert(values[root])
        return native

    def _look_up(self, path: Path, values: Json) -> Json | Absent:
        at = values
        for length, name in enumerate(path, start=1):
            if not isinstance(at, Mapping) or name not in at:
                return self._missing(path[:length])
            at = at[name]
        if at is None and not isinstance(self._path_type, Anything | Nothing):
            return self._missing(path)
        try:
            found = normalise(at, self._path_type)
            return sort_keys(normalise(found, self.result) if self.result else found)
        except Mismatch as error:
            raise EvaluationFailed(_unfit(error), self.source) from error

    def _missing(self, path: Path) -> Absent:
        if self._absent_allowed:
            return ABSENT
        raise EvaluationFailed(f"`{'.'.join(path)}` is missing", self.source)


# The engine raises RuntimeError; values that are no JSON raise the others on their way in or out.
_BROKEN = (RuntimeError, ValueError, TypeError, OverflowError)


def _parse(source: str) -> tuple[cel.Expression, Node]:
    if len(source) > LONGEST:
        raise EvaluationFailed(f"the expression is longer than {LONGEST:,} characters", source)
    try:
        expression = evaluation().compile(source, disable_check=True)
        return expression, decode(expression.serialize()).root
    except _BROKEN as error:
        raise EvaluationFailed("the expression cannot be read", source) from error


def _plain_path(root: Node, scope: Mapping[str, ValueType]) -> Path | None:
    path = None if isinstance(root, Select) and root.test else path_of(root)
    return path if path and path[0] in scope else None


def _type_of(path: Path, scope: Mapping[str, ValueType]) -> ValueType:
    type = scope[path[0]]
    for name in path[1:]:
        field = field_of(type, name)
        type = field.type if field else Anything()
    return type


def _inputs(found: frozenset[Path], scope: Mapping[str, ValueType]) -> tuple[tuple[str, Convert | None], ...]:
    roots = sorted({path[0] for path in found} & scope.keys())
    return tuple(
        (root, conversion(scope[root], frozenset(path[1:] for path in found if path[0] == root))) for root in roots
    )


def _to_wire(value: object) -> Json:
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, dict):
        return {key: _to_wire(element) for key, element in value.items()}
    return [_to_wire(element) for element in value] if isinstance(value, list) else value


def _unfit(error: Exception) -> str:
    return f"the result cannot be used: {error}" if isinstance(error, Mismatch) else "the result is not a JSON value"
