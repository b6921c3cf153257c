"""An engine that goes away in the middle of runs and comes back: they go on by themselves, and finish once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

from temporalio.api.enums.v1 import EventType

from embedded.process import mark, wait_until_gone
from tests.clinic import invocation
from tests.crash.ledger import Run, differences, read_books
from tests.crash.site import Site
from tests.crash.traffic import Traffic

RUNS = 100
_AWAY_AFTER = 50


async def interrupted(site: Site, interrupt: Callable[[], Awaitable[None]]) -> Sequence[Run]:
    """Runs, in the middle of which `interrupt` happens."""
    middle = asyncio.Event()

    def seen(ended: int) -> None:
        if ended >= _AWAY_AFTER:
            middle.set()

    async def interrupting() -> None:
        await middle.wait()
        assert traffic.in_flight > 0
        await interrupt()

    traffic = Traffic(site.runs, 7, RUNS, seen)
    await site.start_worker()
    _, runs = await asyncio.gather(interrupting(), traffic.drive())
    return runs


async def check(site: Site, runs: Sequence[Run]) -> None:
    found = differences(runs, await read_books(site.postgres.superuser_url))
    assert found == []
    assert len(runs) == RUNS
    # To be away is no outcome: whoever asked got the answer, only later.
    assert [run for run in runs if run.outcome.outcome == "failed"] == []


async def test_runs_outlast_postgresql(site: Site) -> None:
    async def restart() -> None:
        await site.stop_postgres()
        await site.start_postgres()

    await check(site, await interrupted(site, restart))


async def test_runs_outlast_temporal(site: Site) -> None:
    async def restart() -> None:
        await site.kill_temporal()
        await site.start_temporal()

    await check(site, await interrupted(site, restart))


async def test_a_worker_can_be_ended_while_postgresql_is_away(site: Site) -> None:
    worker = await site.start_worker()
    await site.stop_postgres()
    run = str(uuid4())
    await site.runs.start(run, invocation("list_free_slots", {}, "rita", "reception"), "")
    await until_it_tries(site, run)
    ending = mark(worker.pid)
    assert ending is not None
    worker.ask_to_end()
    assert await asyncio.to_thread(wait_until_gone, ending, 30.0)
    await site.start_postgres()
    await site.start_worker()
    outcome = await site.runs.outcome(run)
    assert outcome is not None
    assert outcome.outcome == "answered"


async def until_it_tries(site: Site, run: str) -> None:
    async with asyncio.timeout(20):
        while not await begun(site, run):
            pass


async def begun(site: Site, run: str) -> bool:
    started = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
    return started in [event.event_type async for event in site.client.get_workflow_handle(run).fetch_history_events()]
