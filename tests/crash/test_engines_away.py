"""An engine that goes away in the middle of runs and comes back: they go on by themselves, and finish once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

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
