"""Invariants: step 6. What must hold for every touched row, and for every figure a touched row takes part in.

They hold for rows that are not archived: what was archived is history, and stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from writ.effects import Refusal
from writ.engine.database import Database
from writ.engine.statements import Arguments, Caller
from writ.engine.touched import Row, Touched
from writ.plan.model import AggregateInvariant, Invariant, RowInvariant
from writ.program import EntityProgram, EvaluationFailed, LoadedRelease
from writ.refusals import INVARIANT_STATUS, Refused, refusal
from writ.values.wire import Json

ARCHIVED_AT = "archived_at"

_Concerned = dict[tuple[str, str], tuple[EntityProgram, AggregateInvariant, dict[str, Row]]]


async def check_invariants(release: LoadedRelease, touched: Touched, database: Database, caller: Caller) -> int:
    """Check all that the touched rows could have broken; how many checks that took, Refused where one is broken."""
    checked = _check_rows(release, touched)
    if not _has_aggregates(release, touched):
        return checked
    await database.see_all_rows()
    for entity, invariant, rows in (await _concerned(release, touched, database, caller)).values():
        figures = _Figures(invariant, database, Arguments(entity.expressions, caller))
        for this in rows.values():
            _judge(entity, invariant, {"this": this, invariant.figure: await figures.of(this)})
            checked += 1
    return checked


def _check_rows(release: LoadedRelease, touched: Touched) -> int:
    checked = 0
    for name in touched.entities():
        entity = release.entities[name]
        for invariant in entity.plan.invariants:
            if isinstance(invariant, RowInvariant):
                for this in _present(touched.after(name)):
                    _judge(entity, invariant, {"this": this})
                    checked += 1
    return checked


def _present(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if ARCHIVED_AT not in row]


def _has_aggregates(release: LoadedRelease, touched: Touched) -> bool:
    return any(name in release.watchers or _stated(release, name) for name in touched.entities())


def _stated(release: LoadedRelease, name: str) -> list[AggregateInvariant]:
    return [it for it in release.entities[name].plan.invariants if isinstance(it, AggregateInvariant)]


async def _concerned(release: LoadedRelease, touched: Touched, database: Database, caller: Caller) -> _Concerned:
    """Each aggregate that a touched row could have broken, with the rows it is stated for, each once."""
    found: _Concerned = {}
    for name in touched.entities():
        for invariant in _stated(release, name):
            _note(found, release, name, invariant, touched.after(name))
        for stated_for, invariant in release.watchers.get(name, ()):
            entity = release.entities[stated_for]
            rows = await _affected(entity, invariant, touched.forms(name), database, caller)
            _note(found, release, stated_for, invariant, rows)
    return found


def _note(
    found: _Concerned, release: LoadedRelease, name: str, invariant: AggregateInvariant, rows: Sequence[Row]
) -> None:
    _, _, known = found.setdefault((name, invariant.name), (release.entities[name], invariant, {}))
    for row in _present(rows):
        known.setdefault(row["id"], row)


async def _affected(
    entity: EntityProgram, invariant: AggregateInvariant, forms: Sequence[Row], database: Database, caller: Caller
) -> list[Row]:
    arguments = Arguments(entity.expressions, caller)
    seen: dict[str, list[Json]] = {}
    for form in forms:
        given = arguments.of(invariant.name, invariant.affected, {"row": form})
        seen.setdefault(repr(given), given)
    found = [await database.fetch(invariant.affected.sql, given) for given in seen.values()]
    return [entity.shape.row(columns) for rows in found for columns in rows]


class _Figures:
    """The figures of one aggregate. Rows that ask with the same arguments share one statement: a customer's hundredth
    order must not count the customer's orders a hundred times.
    """

    def __init__(self, invariant: AggregateInvariant, database: Database, arguments: Arguments) -> None:
        self._invariant = invariant
        self._database = database
        self._arguments = arguments
        self._found: dict[str, Json] = {}

    async def of(self, this: Row) -> Json:
        given = self._arguments.of(self._invariant.name, self._invariant.statement, {"this": this})
        asked = repr(given)
        if asked not in self._found:
            rows = await self._database.fetch(self._invariant.statement.sql, given)
            figure = rows[0]["figure"] if rows else 0
            self._found[asked] = 0 if figure is None else figure
        return self._found[asked]


def _judge(entity: EntityProgram, invariant: Invariant, values: Mapping[str, Json]) -> None:
    try:
        holds = entity.expressions.holds(invariant.that, values)
    except EvaluationFailed:
        message = f"`{invariant.name}` could not be computed, so it does not hold."
        raise Refused(refusal("invariant_not_computable", invariant.name, message=message)) from None
    if not holds:
        broken = Refusal(code=invariant.name, status=INVARIANT_STATUS, message=invariant.message, source=invariant.name)
        raise Refused(broken, f"{invariant.name} of {entity.plan.entity}{_figure(invariant, values)}")


def _figure(invariant: Invariant, values: Mapping[str, Json]) -> str:
    if isinstance(invariant, RowInvariant):
        return ""
    figure = values[invariant.figure]
    return f": {invariant.figure} is {figure}" if isinstance(figure, int | float) else ""
