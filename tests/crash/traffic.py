"""A day at the clinic: many callers at once, each choosing by a seeded chance what to do next with what is there."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from api.temporal_runs import TemporalRuns
from tests.clinic import invocation, slots
from tests.crash.ledger import Run
from writ.effects import Failure, Invocation, Outcome

CALLERS = 24
_PRACTITIONERS, _PATIENTS, _OPENINGS, _SLOTS_EACH = 4, 20, 6, 12

# What callers do, and how often: mostly what competes for the same rows.
_HABITS = {
    "book_appointment": 34,
    "book_for_patient": 14,
    "reschedule_appointment": 16,
    "cancel_appointment": 12,
    "keep_appointment": 5,
    "update_contact": 9,
    "list_free_slots": 4,
    "open_slots": 3,
    "add_practitioner": 3,
}


class Traffic:
    """Makes `count` runs, `CALLERS` at a time; `seen` is told of each that has ended."""

    def __init__(
        self, runs: TemporalRuns, seed: int, count: int, seen: Callable[[int], None] = lambda ended: None
    ) -> None:
        self._runs = runs
        self._chance = random.Random(seed)
        self._name = f"traffic-{seed}"
        self._left = count
        self._seen = seen
        self._started = 0
        self._next_slot = seed * 10_000
        self._practitioners: list[str] = []
        self._patients: list[tuple[str, str]] = []
        self._slots: list[str] = []
        self._appointments: list[tuple[str, str]] = []
        self.ended: list[Run] = []

    @property
    def in_flight(self) -> int:
        """Runs that were started and have not ended."""
        return self._started - len(self.ended)

    async def drive(self) -> list[Run]:
        """All runs, when the last one has ended."""
        await self._all(self._add_practitioner() for _ in range(_PRACTITIONERS))
        await self._all(self._register(number) for number in range(_PATIENTS))
        await self._all(self._open_slots() for _ in range(_OPENINGS))
        await self._all(self._caller() for _ in range(CALLERS))
        return self.ended

    async def _all(self, callers: Any) -> None:
        async with asyncio.TaskGroup() as group:
            for caller in callers:
                group.create_task(caller)

    async def _caller(self) -> None:
        while self._left > 0:
            [tool] = self._chance.choices(list(_HABITS), list(_HABITS.values()))
            await getattr(self, f"_{tool}")()

    async def _add_practitioner(self) -> None:
        given = {"name": f"Dr {self._name}", "speciality": "general"}
        if answer := await self._run("add_practitioner", given, "front-desk", "reception"):
            self._practitioners.append(answer["practitioner"])

    async def _register(self, number: int) -> None:
        account = f"{self._name}-patient-{number}"
        given = {"name": "A patient", "email": "a@example.org", "born": "1990-04-01"}
        if answer := await self._run("register_patient", given, account, "patient"):
            self._patients.append((account, answer["patient"]))

    async def _open_slots(self) -> None:
        self._next_slot += _SLOTS_EACH
        given = {
            "practitioner": self._chance.choice(self._practitioners),
            "slots": slots(self._next_slot, _SLOTS_EACH),
        }
        if answer := await self._run("open_slots", given, "front-desk", "reception"):
            self._slots += answer["slots"]

    async def _book_appointment(self) -> None:
        account, _ = self._chance.choice(self._patients)
        given = {"slot": self._chance.choice(self._slots), "reason": "a cough"}
        if answer := await self._run("book_appointment", given, account, "patient"):
            self._appointments.append((account, answer["appointment"]))

    async def _book_for_patient(self) -> None:
        account, patient = self._chance.choice(self._patients)
        given = {"patient": patient, "slot": self._chance.choice(self._slots)}
        if answer := await self._run("book_for_patient", given, "front-desk", "reception"):
            self._appointments.append((account, answer["appointment"]))

    async def _reschedule_appointment(self) -> None:
        if self._appointments:
            account, appointment = self._chance.choice(self._appointments)
            given = {"appointment": appointment, "slot": self._chance.choice(self._slots)}
            await self._run("reschedule_appointment", given, account, "patient")

    async def _cancel_appointment(self) -> None:
        if self._appointments:
            account, appointment = self._chance.choice(self._appointments)
            await self._run("cancel_appointment", {"appointment": appointment}, account, "patient")

    async def _keep_appointment(self) -> None:
        if self._appointments:
            _, appointment = self._chance.choice(self._appointments)
            await self._run("keep_appointment", {"appointment": appointment}, "front-desk", "reception")

    async def _update_contact(self) -> None:
        account, patient = self._chance.choice(self._patients)
        given = {"patient": patient, "email": f"{self._started}@example.org"}
        await self._run("update_contact", given, account, "patient")

    async def _list_free_slots(self) -> None:
        await self._run("list_free_slots", {"until": "2199-01-01T00:00:00Z", "limit": 5}, "front-desk", "reception")

    async def _run(self, tool: str, given: dict[str, Any], subject: str, role: str) -> dict[str, Any] | None:
        if self._left <= 0:
            return None
        self._left -= 1
        self._started += 1
        run = f"{self._name}-{self._started:04}"
        wanted = invocation(tool, given, subject, role)
        outcome = await to_the_end(self._runs, run, wanted)
        self.ended.append(Run(run, wanted, outcome))
        self._seen(len(self.ended))
        return outcome.response if outcome.outcome == "answered" else None


async def to_the_end(runs: TemporalRuns, run: str, wanted: Invocation) -> Outcome:
    """Start a run and wait for its end, asking again while Temporal is away, as callers with a key do."""
    await _insist(lambda: runs.start(run, wanted, wanted.tool))
    outcome: Outcome | None = await _insist(lambda: runs.outcome(run))
    assert outcome is not None, f"Temporal does not know {run}"
    return outcome


async def _insist(ask: Callable[[], Any]) -> Any:
    async with asyncio.timeout(120):
        while True:
            with suppress(Failure):
                return await ask()
            await asyncio.sleep(0.1)
