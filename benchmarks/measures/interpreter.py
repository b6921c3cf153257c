"""What the interpreter and admission cost without the world: CPU time of whole bookings whose database is a table."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.booking_sql import APP, TOOL, booking_sql, clinic, names_of_statements
from benchmarks.report import Figure
from benchmarks.sizes import Sizes
from writ.admission import admit
from writ.effects import Answer, Audited, Invocation, Outcome, Principal, RecordAudit, RunFacts, RunTransaction
from writ.engine import answers
from writ.engine.replay import effect_digest
from writ.engine.run import run
from writ.engine.transaction import Progress, run_transaction
from writ.plan.release import release_digest
from writ.program import LoadedRelease, load
from writ.rows import Columns

_NOW = "2030-01-07T09:00:00Z"
_FACTS = RunFacts(id="0197a1b2-0000-7000-8000-000000000001", now=_NOW)
_PATIENT, _SLOT, _APPOINTMENT = (f"0197a1b2-0000-7000-8000-00000000000{number}" for number in (2, 3, 4))
_KEPT = {"version": 1, "created_at": _NOW, "updated_at": _NOW, "archived_at": None}


@dataclass(frozen=True, slots=True)
class Table:
    """A database that answers each statement with the rows it was given for it."""

    rows: dict[str, Sequence[Columns]]

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Columns]:
        """The rows of a statement."""
        return self.rows[sql]

    async def see_all_rows(self) -> None:
        """Nothing is hidden here."""


class InMemory:
    """Bookings of a loaded clinic, without engines."""

    def __init__(self) -> None:
        _, release = clinic()
        self._release = load(release, release_digest(release))
        self._table = _table(self._release)
        principal = Principal(subject="ada", roles=("patient",))
        given = {"slot": _SLOT, "reason": "A cough that stays."}
        self.invocation = Invocation(
            release=self._release.digest, app=APP, tool=TOOL, input=given, principal=principal, trigger="http"
        )

    async def book(self) -> Outcome:
        """One booking: admitted at the door as the API does, then run to its end."""
        self.admit()
        return await run(self._release, self.invocation, self._perform, _FACTS)

    def admit(self) -> None:
        """Admission alone."""
        admit(self._release.tools[TOOL], self.invocation, _FACTS)

    async def _perform(self, effect: RunTransaction | RecordAudit) -> Answer:
        digest = effect_digest(effect)
        if isinstance(effect, RecordAudit):
            return Audited(effect_digest=digest)
        plan, progress = self._release.tools[effect.tool].transactions[effect.node], Progress()
        values = await run_transaction(plan, self._release, effect, self._table, progress)
        return answers.committed(plan, progress, values, digest, 1)


def interpreter(sizes: Sizes) -> list[Figure]:
    """CPU milliseconds of a booking, and of its admission alone."""
    in_memory = InMemory()
    count = sizes.interpreted_runs
    outcome = asyncio.run(in_memory.book())
    assert outcome.outcome == "answered", outcome
    began = time.process_time()
    asyncio.run(_many(in_memory, count))
    booked = time.process_time() - began
    began = time.process_time()
    for _ in range(count):
        in_memory.admit()
    admitted = time.process_time() - began
    return [
        Figure("interpreter_cpu", "interpreter and admission, CPU of a booking", 1e3 * booked / count, "ms"),
        Figure("admission_cpu", "one admission, CPU", 1e3 * admitted / count, "ms"),
    ]


async def _many(in_memory: InMemory, count: int) -> None:
    for _ in range(count):
        await in_memory.book()


def _table(release: LoadedRelease) -> Table:
    sql = booking_sql(release.release)
    patient: dict[str, Any] = {
        "account": "ada",
        "name": "Ada",
        "email": "ada@example.org",
        "phone": None,
        "born": "1990-04-01",
    }
    slot: dict[str, Any] = {
        "practitioner": _PATIENT,
        "starts_at": "2099-01-01T09:00:00Z",
        "minutes": 30,
        "id": _SLOT,
        **_KEPT,
    }
    free, taken = {**slot, "state": "free"}, {**slot, "state": "taken"}
    appointment: dict[str, Any] = {
        "patient": _PATIENT,
        "slot": _SLOT,
        "reason": "A cough that stays.",
        "id": _APPOINTMENT,
    }
    appointment |= {"state": "booked", **_KEPT}
    rows: dict[str, Sequence[Columns]] = {
        text: [appointment if name.endswith(")") else {"figure": 1}]
        for text, name in names_of_statements(release.release).items()
    }
    rows[sql.patient] = [{**patient, "id": _PATIENT, "state": "active", **_KEPT}]
    rows[sql.slot] = [free]
    rows[sql.taken] = [{**taken, **{f"old_{name}": value for name, value in free.items()}}]
    rows[sql.appointment] = [appointment]
    return Table(rows)
