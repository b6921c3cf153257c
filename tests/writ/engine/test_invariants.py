from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cli.checked_spec import check_folder
from tests import diary
from writ.engine.invariants import check_invariants
from writ.engine.statements import Caller
from writ.engine.touched import Touched
from writ.plan.release import release_digest
from writ.program import LoadedRelease, load
from writ.refusals import Refused
from writ.rows import Columns

CLINIC = Path(__file__).resolve().parents[3] / "specs" / "clinic"


class Appointments:
    """A table of appointments that remembers which figures it was asked for."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = rows
        self.counted: list[Sequence[Any]] = []

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Columns]:
        concerned = [row for row in self.rows if arguments[0] in (row["patient"], row["slot"])]
        if not sql.startswith("SELECT count"):
            return concerned
        self.counted.append(arguments)
        return [{"figure": sum(row["state"] == arguments[1] for row in concerned)}]

    async def see_all_rows(self) -> None:
        pass


@pytest.fixture(scope="module")
def clinic() -> LoadedRelease:
    _, release = check_folder(CLINIC).require()
    return load(release, release_digest(release))


PATIENT = str(UUID(int=1))


def slot(number: int) -> str:
    return str(UUID(int=1_000 + number))


def appointment(number: int, state: str = "booked") -> dict[str, Any]:
    return {"id": str(UUID(int=2_000 + number)), "patient": PATIENT, "slot": slot(number), "state": state}


async def checked(clinic: LoadedRelease, table: Appointments, new: dict[str, Any]) -> int:
    touched = Touched()
    touched.add("Appointment", None, new)
    return await check_invariants(clinic, touched, table, Caller("ada", True))


async def test_a_figure_that_many_rows_share_is_counted_once(clinic: LoadedRelease) -> None:
    former = [appointment(number, "kept") for number in range(100)]
    new = appointment(100)
    table = Appointments(*former, new)
    assert await checked(clinic, table, new) == 102
    assert table.counted == [[PATIENT, "booked"], [slot(100), "booked"]]


async def test_a_shared_figure_is_still_judged(clinic: LoadedRelease) -> None:
    rows = [appointment(number) for number in range(6)]
    with pytest.raises(Refused) as refused:
        await checked(clinic, Appointments(*rows), rows[-1])
    assert refused.value.refusal.code == "few_bookings_per_patient"


async def test_a_broken_figure_is_told_to_who_may_read_the_audit_and_not_to_the_caller(clinic: LoadedRelease) -> None:
    rows = [appointment(number) for number in range(6)]
    with pytest.raises(Refused) as refused:
        await checked(clinic, Appointments(*rows), rows[-1])
    assert refused.value.detail == "few_bookings_per_patient of Appointment: count is 6"
    assert "6" not in refused.value.refusal.model_dump_json()


async def test_an_aggregate_is_not_judged_for_a_row_that_is_archived(clinic: LoadedRelease) -> None:
    rows = [appointment(number) for number in range(6)]
    archived = {**rows[-1], "archived_at": "2030-01-01T00:00:00Z"}
    touched = Touched()
    touched.add("Appointment", rows[-1], archived)
    with pytest.raises(Refused):
        await check_invariants(clinic, touched, Appointments(*rows), Caller("ada", True))
    assert await check_invariants(clinic, touched, Appointments(*rows[:0]), Caller("ada", True)) == 0


async def test_what_must_hold_for_a_row_must_not_for_one_that_is_archived() -> None:
    release = diary.loaded(diary.release("s"))
    slot = {"id": str(UUID(int=1)), "state": "free", "starts_at": "2099-01-01T09:00:00Z", "places": 0}
    kept, archived = Touched(), Touched()
    kept.add("Slot", slot, slot)
    archived.add("Slot", slot, {**slot, "archived_at": "2030-01-01T00:00:00Z"})
    with pytest.raises(Refused) as refused:
        await check_invariants(release, kept, Appointments(), Caller("ada", True))
    assert refused.value.detail == "has_places of Slot"
    assert await check_invariants(release, archived, Appointments(), Caller("ada", True)) == 0
