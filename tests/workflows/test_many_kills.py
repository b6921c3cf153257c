from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import Process
from collections import Counter
from datetime import timedelta
from pathlib import Path

from embedded.engines import Engines
from tests import diary
from tests.conftest import until
from tests.workflows.conftest import Runs
from writ.effects import Outcome

CHECKOUT = Path(__file__).parents[2]
RUNS, KILLS, WORKERS, AT_ONCE = 300, 12, 2, 24


class Workers:
    """Worker processes, of which one after the other is killed and replaced."""

    def __init__(self, queue: Runs, engines: Engines) -> None:
        self._environment = {
            **os.environ,
            "DATABASE_URL": engines.database_url,
            "TEMPORAL_ADDRESS": engines.temporal_address,
            "WRIT_TASK_QUEUE": queue.task_queue,
        }
        self._random = random.Random(20261120)
        self._processes: list[Process] = []
        self.kills = 0

    async def start(self) -> None:
        self._processes = [await self._one() for _ in range(WORKERS)]

    async def replace_one(self) -> None:
        number = self._random.randrange(WORKERS)
        process = self._processes[number]
        process.send_signal(signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL
        self.kills += 1
        self._processes[number] = await self._one()

    async def end(self) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGKILL)
            await process.wait()

    async def _one(self) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "worker.py", cwd=CHECKOUT, env=self._environment, stderr=asyncio.subprocess.DEVNULL
        )


async def test_no_kill_of_a_worker_loses_or_doubles_an_effect(queue: Runs, engines: Engines) -> None:
    await queue.app.publish()
    slots = [await queue.app.slot(f"2099-{1 + n // 28:02}-{1 + n % 28:02}T09:00:00Z") for n in range(RUNS)]
    at_once, done = asyncio.Semaphore(AT_ONCE), Counter[str]()

    async def one(slot: str) -> Outcome:
        async with at_once:
            handle = await queue.client.start_workflow(
                "diary.book",
                diary.invocation(queue.app.release, "book", {"slot": slot}),
                id=f"{queue.task_queue}-{slot}",
                task_queue=queue.task_queue,
                task_timeout=timedelta(seconds=1),
                result_type=Outcome,
            )
            outcome: Outcome = await handle.result()
        done[outcome.outcome] += 1
        return outcome

    workers = Workers(queue, engines)
    await workers.start()
    try:
        running = asyncio.gather(*map(one, slots))
        for kill in range(KILLS):
            # Each kill meets a worker that works: after every so many runs that ended, others are in the middle.
            await until(lambda kill=kill: done.total() >= kill * RUNS // (KILLS + 1) + 5)  # type: ignore[misc]
            await workers.replace_one()
        outcomes = await running
    finally:
        await workers.end()
    assert workers.kills == KILLS
    assert Counter(outcome.outcome for outcome in outcomes) == {"answered": RUNS}
    assert Counter(row["slot"] for row in await queue.app.appointments()) == dict.fromkeys(slots, 1)
    audits = await queue.pool.fetch("SELECT run_id FROM writ.audit WHERE run_id LIKE $1 || '-%'", queue.task_queue)
    assert Counter(row["run_id"] for row in audits) == {f"{queue.task_queue}-{slot}": 1 for slot in slots}
