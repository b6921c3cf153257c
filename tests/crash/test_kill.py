"""300 runs while workers are killed with SIGKILL at random moments: nothing lost, nothing done twice."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus

from embedded.child import Child
from tests.crash.ledger import Books, Run, differences, read_books
from tests.crash.site import TASK_QUEUE, Site, kill
from tests.crash.traffic import Traffic

RUNS = 300
KILLS = 12
WORKERS = 3
SEED = 20
_LONGEST_PHASE_SECONDS = 0.05


class Killer:
    """Kills workers when so many runs have ended as a seeded chance says, and starts another one each time."""

    def __init__(self, site: Site, seed: int) -> None:
        self._site = site
        self._chance = random.Random(seed)
        self._at = sorted(self._chance.sample(range(20, RUNS - 20), KILLS))
        self._ended = 0
        self._moved = asyncio.Event()
        self._ready: list[Child] = []
        self._starting: set[asyncio.Task[None]] = set()
        self.kills = 0

    def seen(self, ended: int) -> None:
        self._ended = ended
        self._moved.set()

    async def staff(self) -> None:
        await asyncio.gather(*(self._start() for _ in range(WORKERS)))

    async def work(self) -> None:
        for ended in self._at:
            await self._until(ended)
            # Not a wait for anything: the moment within the runs in flight is to be a random one.
            await asyncio.sleep(self._chance.uniform(0, _LONGEST_PHASE_SECONDS))
            victim = self._ready.pop(self._chance.randrange(len(self._ready)))
            await kill(victim)
            self.kills += 1
            task = asyncio.create_task(self._start())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def rest(self) -> None:
        await asyncio.gather(*self._starting)

    async def _until(self, ended: int) -> None:
        while self._ended < ended or not self._ready:
            self._moved.clear()
            await self._moved.wait()

    async def _start(self) -> None:
        self._ready.append(await self._site.start_worker())
        self._moved.set()


async def test_killing_workers_loses_nothing_and_doubles_nothing(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    killer = Killer(site, SEED)
    await killer.staff()
    began = time.monotonic()
    killing = asyncio.create_task(killer.work())
    runs = await Traffic(site.runs, SEED, RUNS, killer.seen).drive()
    await killing
    took = time.monotonic() - began
    await killer.rest()
    books = await read_books(site.postgres.superuser_url)
    found = differences(runs, books)
    retried, repeated = await retries(site, runs, books)
    kinds = Counter(difference.kind for difference in found)
    with capsys.disabled():
        print(
            f"\n{len(runs)} runs ({_outcomes(runs)}), {killer.kills} kills, {retried} runs taken up again, "
            f"{repeated} repeated claims, duplicates {kinds['duplicate']}, lost {kinds['lost']}, "
            f"untrue {kinds['untrue']}, {took:.1f} s"
        )
    assert found == [], "\n".join(f"{each.kind}: {each.what}" for each in found)
    assert len(runs) == RUNS
    assert killer.kills >= 10
    # Otherwise nobody was killed at work, and the zeroes above would prove nothing.
    assert retried > 0
    assert await still_open(site) == 0


def _outcomes(runs: Sequence[Run]) -> str:
    counted = Counter(run.outcome.outcome for run in runs)
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(counted.items()))


async def still_open(site: Site) -> int:
    """Runs that Temporal knows and that have not ended."""
    found = site.client.list_workflows(f"TaskQueue = '{TASK_QUEUE}'")
    return len([run async for run in found if run.status is WorkflowExecutionStatus.RUNNING])


async def retries(site: Site, runs: Sequence[Run], books: Books) -> tuple[int, int]:
    """How many runs were taken up again, and in how many of them the transaction stood already."""
    committed = {row["run_id"]: row["created_at"] for row in books.step}
    retried = repeated = 0
    for run in runs:
        history = await site.client.get_workflow_handle(run.id).fetch_history()
        timed_out = [e for e in history.events if e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT]
        started = [e for e in history.events if e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED]
        again = len(timed_out) > 0
        retried += again
        if again and run.id in committed:
            repeated += committed[run.id].timestamp() < started[-1].event_time.ToDatetime().timestamp()
    return retried, repeated
