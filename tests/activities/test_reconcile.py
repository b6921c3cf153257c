from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle

from activities.postgres import Pool
from activities.reconcile import reconcile, reconciling
from activities.transaction import transact
from settings import Settings
from tests import diary
from tests.conftest import Diary, until
from worker import serve
from writ.effects import Invocation, Principal, RunFacts, RunTransaction
from writ.registry import Registry

NO_SLOT = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Queue:
    """A task queue that no worker serves: what is started there stays as it is."""

    client: Client
    name: str
    pool: Pool
    app: Diary

    @property
    def registry(self) -> Registry:
        registry = Registry()
        registry.add(self.app.release.digest, self.app.release)
        return registry

    def invocation(self, slot: str) -> Invocation:
        return diary.invocation(self.app.release, "book", {"slot": slot, "reason": "a cough"})

    async def start(self, *arguments: Any, id: str | None = None, **more: Any) -> WorkflowHandle[Any, Any]:
        run = id or f"run-{uuid4()}"
        return await self.client.start_workflow("diary.book", args=arguments, id=run, task_queue=self.name, **more)

    async def closed(self, handle: WorkflowHandle[Any, Any], count: int = 1) -> None:
        """Until the server's search knows, too, that the run is closed."""

        async def known() -> bool:
            description = await self.client.get_workflow_handle(handle.id).describe()
            query = f"WorkflowId = '{handle.id}' AND ExecutionStatus != 'Running'"
            found = (await self.client.count_workflows(query)).count
            return found >= count and description.status is not WorkflowExecutionStatus.RUNNING

        await until(known)

    async def terminated(self, *arguments: Any) -> WorkflowHandle[Any, Any]:
        handle = await self.start(*arguments)
        await handle.terminate(reason="asked by the head of the practice")
        await self.closed(handle)
        return handle

    async def reconcile(self, **more: Any) -> int:
        return await reconcile(self.client, self.pool, self.registry, self.name, **more)

    async def audited(self, handle: WorkflowHandle[Any, Any]) -> None:
        """Until there is an audit row of the run."""
        query = "SELECT count(*) FROM writ.audit WHERE run_id = $1"

        async def found() -> bool:
            return bool(await self.pool.fetchval(query, handle.id))

        await until(found)

    async def audit(self, run: str) -> asyncpg.Record:
        row: asyncpg.Record
        [row] = await self.pool.fetch("SELECT * FROM writ.audit WHERE run_id = $1", run)
        return row


@pytest.fixture
def queue(temporal_client: Client, app_pool: Pool, diary_app: Diary, task_queue: str) -> Queue:
    return Queue(temporal_client, task_queue, app_pool, diary_app)


async def test_a_terminated_run_gets_its_row_once(queue: Queue) -> None:
    handle = await queue.terminated(queue.invocation(NO_SLOT))
    assert await queue.reconcile() == 1
    assert await queue.reconcile() == 0
    row = await queue.audit(handle.id)
    assert (row["outcome"], row["failure"]) == ("failed", "terminated: asked by the head of the practice")
    assert (row["app"], row["tool"], row["subject"]) == ("diary", "book", "ann")
    assert json.loads(row["input"]) == {"slot": NO_SLOT, "reason": "***"}
    assert len({step["step"] for step in json.loads(row["steps"])}) == 9


async def test_a_run_that_timed_out_gets_its_row(queue: Queue) -> None:
    handle = await queue.start(queue.invocation(NO_SLOT), execution_timeout=timedelta(seconds=1))
    await queue.closed(handle)
    assert await queue.reconcile() == 1
    row = await queue.audit(handle.id)
    assert (row["outcome"], row["failure"]) == ("failed", "timed_out")


async def test_the_row_tells_of_what_was_committed_before(queue: Queue) -> None:
    invocation = queue.invocation(await queue.app.slot())
    handle = await queue.start(invocation)
    effect = RunTransaction(
        run=RunFacts(id=handle.id, now="2026-11-20T12:00:00Z"),
        release=invocation.release,
        tool="book",
        node="booking",
        principal=Principal(subject="ann", roles=("patient",)),
        sees_all=False,
        values={"input": invocation.input},
    )
    answer = await transact(queue.pool, queue.app.release, effect)
    await handle.terminate()
    await queue.closed(handle)
    assert await queue.reconcile() == 1
    row = await queue.audit(handle.id)
    steps = {step["step"]: step["outcome"] for step in json.loads(row["steps"])}
    assert answer.outcome == "committed"
    assert (steps["authorize"], steps["commit"], steps["respond"]) == ("passed", "passed", "failed")
    assert [node["node"] for node in json.loads(row["trace"])] == [node.node for node in answer.trace]


@pytest.mark.parametrize("arguments", [[], ["no invocation"], [{"release": "none"}], [1, 2]])
async def test_a_run_started_with_something_else_gets_its_row_too(queue: Queue, arguments: list[Any]) -> None:
    handle = await queue.terminated(*arguments)
    assert await queue.reconcile() == 1
    row = await queue.audit(handle.id)
    assert (row["app"], row["tool"], row["subject"], row["release"]) == ("diary", "book", "unknown", "unknown")


async def test_without_the_release_all_input_is_masked(queue: Queue) -> None:
    handle = await queue.terminated(queue.invocation(NO_SLOT))
    assert await reconcile(queue.client, queue.pool, Registry(), queue.name) == 1
    assert json.loads((await queue.audit(handle.id))["input"]) == "***"


async def test_a_run_that_goes_on_under_its_id_is_left_alone(queue: Queue) -> None:
    first = await queue.terminated(queue.invocation(NO_SLOT))
    second = await queue.start(queue.invocation(NO_SLOT), id=first.id)
    assert await queue.reconcile() == 0
    await second.terminate()
    await queue.closed(second, count=2)
    assert await queue.reconcile() == 1


async def test_only_runs_of_the_queue_and_of_the_time_are_looked_at(queue: Queue) -> None:
    await queue.terminated(queue.invocation(NO_SLOT))
    now = datetime.now(UTC)
    assert await reconcile(queue.client, queue.pool, queue.registry, "it's another") == 0
    assert await queue.reconcile(since=now + timedelta(minutes=1)) == 0
    assert await queue.reconcile(until=now - timedelta(minutes=1)) == 0
    assert await queue.reconcile(since=now - timedelta(minutes=1), until=now + timedelta(minutes=1)) == 1


async def test_it_is_done_again_and_again(queue: Queue) -> None:
    async with reconciling(queue.client, queue.pool, queue.registry, queue.name, 0.02):
        for _ in range(2):
            handle = await queue.terminated(queue.invocation(NO_SLOT))
            await queue.audited(handle)


async def test_a_worker_does_it_beside_its_work(queue: Queue) -> None:
    handle = await queue.terminated(queue.invocation(NO_SLOT))
    settings = Settings(task_queue=queue.name, reconcile_seconds=0.02)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(settings, client=queue.client, pool=queue.pool, registry=queue.registry, stop=stop))
        await queue.audited(handle)
        stop.set()
