"""A worker dies in the middle of a run, and the run ends exactly once all the same."""

from __future__ import annotations

import time

from cli.tour.guide import OTTO, Guide
from cli.tour.stage import until
from embedded.child import Child

_MOMENT_SECONDS = 10.0
_FINISH_SECONDS = 60.0
_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE usename = 'writ_app' AND state = 'active' AND wait_event_type = 'Lock'
"""


async def killed_worker(guide: Guide, worker: Child) -> None:
    """A worker is killed (SIGKILL) in the middle of a transaction; another one finishes the run."""
    slot = guide.found["slot behind a lock"]
    async with guide.database.acquire() as connection:
        holding = connection.transaction()
        await holding.start()
        await connection.execute("SELECT FROM clinic.slot WHERE id = $1::uuid FOR UPDATE", slot)
        guide.show.note(
            "the tour locks the slot's row in a transaction of its own, so the run has to wait inside its own"
        )
        headers = {"Prefer": "respond-async"}
        started = await guide.call(OTTO, "POST", "/clinic/appointments", {"slot": slot}, headers=headers)
        guide.expect("the run was started and is not waited for", started, 202)
        waits = await until(lambda: _waits(guide), _MOMENT_SECONDS)
        guide.show.sure("it stands in the middle of its transaction, waiting for the row", waits)
        await guide.stage.kill(worker)
        guide.show.note(f"worker process {worker.pid} was killed; the row is let go; a new worker starts")
        await holding.rollback()
    began = time.monotonic()
    another = guide.stage.start_worker()
    await guide.stage.takes_runs(another)
    ended = await until(lambda: _ended(guide, started.run), _FINISH_SECONDS)
    guide.show.sure(f"the new worker finished the run, {time.monotonic() - began:.1f} s after the kill", ended)
    told = await guide.call(OTTO, "GET", f"/v1/runs/{started.run}")
    guide.show.sure("it was answered", told.content["status"] == "answered")
    guide.show.sure("the slot has exactly one booking", await guide.bookings(slot) == 1)
    steps = await guide.count("SELECT count(*) FROM writ.step WHERE run_id = $1", started.run)
    guide.show.sure("its transaction was committed exactly once", steps == 1)
    guide.show.sure("exactly one audit row tells of it", await guide.audited(started.run) == 1)


async def _waits(guide: Guide) -> bool:
    return await guide.count(_WAITING) > 0


async def _ended(guide: Guide, run: str) -> bool:
    told = await guide.quietly(OTTO, "GET", f"/v1/runs/{run}")
    return bool(told.content.get("status") != "running")
