from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from embedded.engines import Engines
from tests.workflows.conftest import Runs

CHECKOUT = Path(__file__).parents[2]
NOWHERE = "127.0.0.1:1"


async def worker(**environment: str) -> asyncio.subprocess.Process:
    others: Mapping[str, str] = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "TEMPORAL_ADDRESS")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "worker.py", cwd=CHECKOUT, env={**others, **environment}, stderr=asyncio.subprocess.PIPE
    )


async def says(process: asyncio.subprocess.Process, text: str) -> None:
    """Read what it says until it says this."""
    assert process.stderr is not None
    async with asyncio.timeout(20):
        while text not in (line := (await process.stderr.readline()).decode()):
            assert line, f"it ended without saying `{text}`"


async def ends(process: asyncio.subprocess.Process, how: signal.Signals) -> int:
    process.send_signal(how)
    assert process.stderr is not None
    async with asyncio.timeout(20):
        await process.stderr.read()
        return await process.wait()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_a_worker_that_is_asked_to_end_ends(queue: Runs, engines: Engines, how: signal.Signals) -> None:
    process = await worker(
        DATABASE_URL=engines.database_url, TEMPORAL_ADDRESS=engines.temporal_address, WRIT_TASK_QUEUE=queue.task_queue
    )
    await says(process, "taking runs")
    assert await ends(process, how) == 0


async def test_a_worker_waits_for_a_temporal_that_is_not_there(engines: Engines) -> None:
    process = await worker(DATABASE_URL=engines.database_url, TEMPORAL_ADDRESS=NOWHERE)
    await says(process, "Temporal at 127.0.0.1:1 is not there yet, waiting")
    assert await ends(process, signal.SIGTERM) == 0


async def test_a_worker_waits_for_a_postgresql_that_is_not_there(engines: Engines) -> None:
    process = await worker(
        DATABASE_URL=f"postgresql://writ_app@{NOWHERE}/writ", TEMPORAL_ADDRESS=engines.temporal_address
    )
    await says(process, "PostgreSQL at `DATABASE_URL` is not there yet, waiting")
    assert await ends(process, signal.SIGTERM) == 0


async def test_a_worker_without_settings_says_which_and_ends() -> None:
    process = await worker()
    await says(process, "`TEMPORAL_ADDRESS` is not set")
    assert await process.wait() == 2
