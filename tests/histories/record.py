"""Record the runs anew, when a spec or the form of plans has changed on purpose: `python -m tests.histories.record`."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from temporalio.client import Client

from activities.postgres import connect_pool
from api.temporal_runs import TemporalRuns
from embedded.engines import Engines, start
from tests.clinic import NOBODY, clinic, invocation, publish_clinic, slots
from tests.histories.recording import RELEASES, RUNS, Recording, release_file, scrubbed
from worker import ensure_search_attributes, make_worker
from workflows.converter import data_converter
from workflows.recorded import recorded
from writ.effects import Invocation
from writ.plan.release import canonical
from writ.program import load
from writ.registry import Registry

_TASK_QUEUE = "recorder"
_DESK = ("front-desk", "reception")
_ANN = {"name": "Ann Field", "email": "ann@example.org", "born": "1990-04-01"}


class Recorder:
    """Runs tools one after the other and writes each down under a name, `tool.what_happened`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._runs = TemporalRuns(client, _TASK_QUEUE)

    async def __call__(self, tool: str, what: str, given: Any, subject: str, *roles: str) -> Any:
        """Run, record, and return the response, if there is one."""
        wanted = invocation(tool, given, subject, *roles)
        await self.begin(f"{tool}.{what}", wanted)
        return await self.end(f"{tool}.{what}")

    async def begin(self, name: str, wanted: Invocation) -> None:
        """Start a run."""
        await self._runs.start(name, wanted, wanted.tool)

    async def end(self, name: str) -> Any:
        """Wait for its end and write it down."""
        outcome = await self._runs.outcome(name)
        assert outcome is not None
        history = await self._client.get_workflow_handle(name).fetch_history()
        known = recorded(history)
        kept = scrubbed(json.loads(history.to_json()))
        Recording(name, known.invocation.release, known.invocation, known.facts, outcome, kept).write()
        print(f"{name}: {outcome.outcome} {outcome.refusal.code if outcome.refusal else ''}")
        return outcome.response


async def before_there_is_a_worker(record: Recorder, client: Client) -> None:
    """A run that is cancelled before anybody has begun it."""
    name = "book_appointment.cancelled"
    await record.begin(name, invocation("book_appointment", {"slot": NOBODY}, "ann", "patient"))
    await client.get_workflow_handle(name).cancel()


async def opening(record: Recorder) -> list[str]:
    """Practitioners and slots; the ids of twelve free ones in 2099 and of one in an hour, the last."""
    moreau = {"name": "Dr Moreau", "speciality": "general"}
    answer = await record("add_practitioner", "answered", moreau, *_DESK)
    await record("add_practitioner", "not_valid", {"name": "", "speciality": "magic"}, *_DESK)
    await record("add_practitioner", "wrong_role", moreau, "ann", "patient")
    given = {"practitioner": answer["practitioner"], "slots": slots(0, 12)}
    opened = await record("open_slots", "answered", given, *_DESK)
    await record("open_slots", "twice", given, *_DESK)
    past = [{"starts_at": "2020-01-01T09:00:00Z", "minutes": 30}]
    await record("open_slots", "in_the_past", {**given, "slots": past}, *_DESK)
    await record("open_slots", "for_nobody", {**given, "practitioner": NOBODY}, *_DESK)
    soon = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    near = await record("open_slots", "soon", {**given, "slots": [{"starts_at": soon, "minutes": 30}]}, *_DESK)
    return [*opened["slots"], *near["slots"]]


async def registering(record: Recorder) -> dict[str, str]:
    """Two patients; their ids by account."""
    ann = await record("register_patient", "answered", _ANN, "ann", "patient")
    bob = await record("register_patient", "with_phone", {**_ANN, "phone": "0123"}, "bob", "patient")
    await record("register_patient", "twice", _ANN, "ann", "patient")
    await record("register_patient", "not_born_yet", {**_ANN, "born": "2999-01-01"}, "cleo", "patient")
    await record("register_patient", "suspended", _ANN, "dan", "patient", "suspended")
    await record("update_contact", "answered", {"patient": ann["patient"], "email": "a@b.example"}, "ann", "patient")
    await record("update_contact", "of_another", {"patient": bob["patient"], "email": "a@b.example"}, "ann", "patient")
    return {"ann": ann["patient"], "bob": bob["patient"]}


async def booking(record: Recorder, free: list[str], patients: dict[str, str]) -> dict[str, str]:
    """Appointments of Ann; their ids by what happens to them next."""
    reason = {"reason": "a cough"}
    kept = await record("book_appointment", "answered", {"slot": free[0], **reason}, "ann", "patient")
    late = await record("book_appointment", "soon", {"slot": free[-1]}, "ann", "patient")
    await record("book_appointment", "slot_taken", {"slot": free[0]}, "bob", "patient")
    await record("book_appointment", "not_registered", {"slot": free[1]}, "cleo", "patient")
    await record("book_appointment", "no_such_slot", {"slot": NOBODY}, "ann", "patient")
    moved = {"patient": patients["ann"], "slot": free[2]}
    cancelled = await record("book_for_patient", "answered", moved, *_DESK)
    await record("book_for_patient", "slot_taken", {"patient": patients["bob"], "slot": free[2]}, *_DESK)
    await record("book_for_patient", "no_such_patient", {"patient": NOBODY, "slot": free[3]}, *_DESK)
    return {
        "keep": kept["appointment"],
        "cancel_late": late["appointment"],
        "cancel": cancelled["appointment"],
    }


async def changing(record: Recorder, free: list[str], booked: dict[str, str], patients: dict[str, str]) -> None:
    """What becomes of appointments and patients."""
    cancel, keep = {"appointment": booked["cancel"]}, {"appointment": booked["keep"]}
    await record("reschedule_appointment", "answered", {**cancel, "slot": free[4]}, "ann", "patient")
    await record("reschedule_appointment", "slot_taken", {**cancel, "slot": free[0]}, "ann", "patient")
    await record("reschedule_appointment", "of_another", {**cancel, "slot": free[5]}, "bob", "patient")
    await record("cancel_appointment", "answered", cancel, "ann", "patient")
    await record("cancel_appointment", "late", {"appointment": booked["cancel_late"]}, "ann", "patient")
    await record("reschedule_appointment", "cancelled", {**cancel, "slot": free[6]}, "ann", "patient")
    await record("keep_appointment", "cancelled", cancel, *_DESK)
    await record("archive_patient", "still_expected", {"patient": patients["ann"]}, *_DESK)
    await record("keep_appointment", "answered", keep, "dr-moreau", "practitioner")
    await record("archive_patient", "answered", {"patient": patients["ann"]}, *_DESK)
    await record("list_free_slots", "answered", {"until": "2199-01-01T00:00:00Z", "limit": 3}, "bob", "patient")


async def failing(record: Recorder, engines: Engines) -> None:
    """A run that the database refuses for good, as it would after somebody took a right away by hand."""
    owner = await asyncpg.connect(engines.publish_database_url)
    await owner.execute("REVOKE INSERT ON clinic.practitioner FROM writ_app")
    await owner.close()
    await record("add_practitioner", "no_right", {"name": "Dr Moreau", "speciality": "general"}, *_DESK)


@asynccontextmanager
async def _worker(client: Client, engines: Engines) -> AsyncIterator[None]:
    registry, found = Registry(), clinic()
    registry.add(found.digest, load(found.release, found.digest))
    pool = await connect_pool(engines.database_url)
    async with make_worker(client, _TASK_QUEUE, pool, registry):
        yield
    await pool.close()


async def record_all(engines: Engines) -> None:
    """All recordings, in the place of those that were there."""
    await publish_clinic(engines.publish_database_url)
    client = await Client.connect(engines.temporal_address, data_converter=data_converter, identity=_TASK_QUEUE)
    await ensure_search_attributes(client)
    record = Recorder(client)
    await before_there_is_a_worker(record, client)
    async with _worker(client, engines):
        await record.end("book_appointment.cancelled")
        free = await opening(record)
        patients = await registering(record)
        booked = await booking(record, free, patients)
        await changing(record, free, booked, patients)
        await failing(record, engines)


def main() -> None:
    for folder in (RUNS, RELEASES):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    release_file(clinic().digest).write_bytes(canonical(clinic().release))
    with tempfile.TemporaryDirectory(prefix="writ-", dir="/tmp") as data, start(Path(data), ui=False) as engines:
        asyncio.run(record_all(engines))


if __name__ == "__main__":
    main()
