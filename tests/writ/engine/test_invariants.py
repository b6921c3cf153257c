from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cli.checked_spec import check_folder
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
