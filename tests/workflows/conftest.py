"""What the tests of whole runs share: a worker of one test, and a way to run a tool on it."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.postgres import Pool
from tests import diary
from tests.conftest import Diary
from worker import make_worker
from writ.effects import Invocation, Outcome
from writ.registry import Registry


@dataclass(frozen=True)
class Runs:
    """Starts runs of the diary on this test's task queue."""

    client: Client
    task_queue: str
    app: Diary
    pool: Pool

    async def start(self, tool: str, input: Any, **more: Any) -> WorkflowHandle[Any, Outcome]:
        return await self.begin(diary.invocation(self.app.release, tool, input, **more))

    async def begin(self, invocation: Invocation) -> WorkflowHandle[Any, Outcome]:
        return await self.client.start_workflow(
            f"{invocation.app}.{invocation.tool}",
            invocation,
            id=f"run-{uuid4()}",
            task_queue=self.task_queue,
            result_type=Outcome,
        )

    async def run(self, tool: str, input: Any, **more: Any) -> Outcome:
        return await (await self.start(tool, input, **more)).result()

    async def audit(self, run_id: str) -> asyncpg.Record:
        """The audit row of a run; there has to be exactly one."""
        row: asyncpg.Record
        [row] = await self.pool.fetch("SELECT * FROM writ.audit WHERE run_id = $1", run_id)
        return row

    def worker(self, registry: Registry) -> Worker:
        return make_worker(self.client, self.task_queue, self.pool, registry)


@pytest.fixture
def queue(temporal_client: Client, app_pool: Pool, diary_app: Diary, task_queue: str) -> Runs:
    """The task queue of this test, with no worker yet."""
    return Runs(temporal_client, task_queue, diary_app, app_pool)


@pytest.fixture
async def runs(queue: Runs) -> AsyncIterator[Runs]:
    """The task queue of this test with a worker that has the release of the diary."""
    registry = Registry()
    registry.add(queue.app.release.digest, queue.app.release)
    async with queue.worker(registry):
        yield queue


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short path, for sockets."""
    with tempfile.TemporaryDirectory(prefix="writ-", dir="/tmp") as folder:
        yield Path(folder)
