from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError

from embedded.engines import Engines
from tests import diary
from tests.conftest import Diary, until
from tests.workflows.conftest import Runs
from writ.effects import Outcome
from writ.registry import Registry

CHECKOUT = Path(__file__).parents[2]


@asynccontextmanager
async def held(app: Diary, slot: str, superuser_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Hold the row of a slot, so that whoever wants it waits; to watch them, a connection that sees everybody."""
    watcher = await asyncpg.connect(superuser_url)
    async with app.owner.acquire() as holder:
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute(f"SELECT FROM {app.schema}.slot WHERE id = $1 FOR UPDATE", slot)
        try:
            yield watcher
        finally:
            await transaction.rollback()
            await watcher.close()


async def waiting(watcher: asyncpg.Connection, app: Diary) -> None:
    """Until somebody waits for a lock on the tables of this test."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%' || $1 || '%'"

    async def seen() -> bool:
        return bool(await watcher.fetchval(query, app.schema))

    await until(seen)


async def test_a_run_can_be_searched_for_by_what_it_was_and_how_it_ended(runs: Runs) -> None:
    handle = await runs.start("book", {"slot": await runs.app.slot()})
    await handle.result()
    description = await handle.describe()
    found = {pair.key.name: pair.value for pair in description.typed_search_attributes}
    assert {name: found[name] for name in found if name.startswith("Writ")} == {
        "WritApp": "diary",
        "WritTool": "book",
        "WritRelease": runs.app.release.digest,
        "WritOutcome": "answered",
    }


async def test_a_run_cancelled_before_it_began_does_nothing_and_is_audited(queue: Runs) -> None:
    handle = await queue.start("book", {"slot": await queue.app.slot()})
    await handle.cancel()
    registry = Registry()
    registry.add(queue.app.release.digest, queue.app.release)
    async with queue.worker(registry):
        with pytest.raises(WorkflowFailureError) as raised:
            await handle.result()
    assert isinstance(raised.value.cause, ApplicationError)
    assert raised.value.cause.message == "cancelled"
    row = await queue.audit(handle.id)
    assert (row["outcome"], row["failure"]) == ("failed", "cancelled")
    assert await queue.app.appointments() == []


async def test_a_cancellation_that_comes_too_late_changes_nothing(queue: Runs, engines: Engines) -> None:
    app = queue.app.with_tools(diary.book_and_list(queue.app.schema))
    runs = Runs(queue.client, queue.task_queue, app, queue.pool)
    registry = Registry()
    registry.add(app.release.digest, app.release)
    slot = await app.slot()
    async with runs.worker(registry):
        async with held(app, slot, engines.superuser_url) as watcher:
            handle = await runs.start("book_and_list", {"slot": slot})
            await waiting(watcher, app)
            await handle.cancel()
        # Its first workflow task is lost to the cancellation, so all is asked for again, and answered as before.
        outcome = await handle.result()
    assert outcome.outcome == "answered"
    assert (await runs.audit(handle.id))["outcome"] == "answered"
    assert len(await app.appointments()) == 1


async def test_a_bug_ends_the_run_and_is_audited(queue: Runs) -> None:
    wrong = {"type": "object", "required": ["never_there"]}
    app = queue.app.with_tools(diary.book(queue.app.schema, output_schema=wrong))
    runs = Runs(queue.client, queue.task_queue, app, queue.pool)
    registry = Registry()
    registry.add(app.release.digest, app.release)
    async with runs.worker(registry):
        handle = await runs.start("book", {"slot": await app.slot()})
        with pytest.raises(WorkflowFailureError) as raised:
            await handle.result()
    assert isinstance(raised.value.cause, ApplicationError)
    assert raised.value.cause.type == "Bug"
    row = await runs.audit(handle.id)
    assert (row["outcome"], "never_there" in row["failure"]) == ("failed", True)


async def test_a_permanent_failure_ends_the_run_and_is_audited(runs: Runs) -> None:
    await runs.app.owner.execute(f"ALTER TABLE {runs.app.schema}.slot RENAME COLUMN places TO seats")
    handle = await runs.start("book", {"slot": "00000000-0000-0000-0000-000000000000"})
    with pytest.raises(WorkflowFailureError) as raised:
        await handle.result()
    assert isinstance(raised.value.cause, ApplicationError)
    assert (raised.value.cause.type, raised.value.cause.details) == ("Failure", ("permanent",))
    assert (await runs.audit(handle.id))["outcome"] == "failed"


async def test_a_worker_killed_in_the_middle_does_not_lose_or_double_the_run(queue: Runs, engines: Engines) -> None:
    await queue.app.publish()
    slot = await queue.app.slot()
    environment = {
        **os.environ,
        "DATABASE_URL": engines.database_url,
        "TEMPORAL_ADDRESS": engines.temporal_address,
        "WRIT_TASK_QUEUE": queue.task_queue,
    }
    worker = await asyncio.create_subprocess_exec(sys.executable, "worker.py", cwd=CHECKOUT, env=environment)
    async with held(queue.app, slot, engines.superuser_url) as watcher:
        handle = await queue.client.start_workflow(
            "diary.book",
            diary.invocation(queue.app.release, "book", {"slot": slot}),
            id=f"killed-{queue.task_queue}",
            task_queue=queue.task_queue,
            task_timeout=timedelta(seconds=2),
            result_type=Outcome,
        )
        await waiting(watcher, queue.app)
        worker.send_signal(signal.SIGKILL)
        assert await worker.wait() == -signal.SIGKILL
    registry = Registry()
    registry.add(queue.app.release.digest, queue.app.release)
    async with queue.worker(registry):
        outcome = await handle.result()
    assert outcome.outcome == "answered"
    assert len(await queue.app.appointments()) == 1
    assert (await queue.audit(handle.id))["outcome"] == "answered"
