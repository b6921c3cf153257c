"""PostgreSQL stopped while callers wait for their runs: they learn where to ask, and the runs go on when it is back."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from temporalio.client import Client

from activities.own_schema import ensure_own_schema
from activities.postgres import connect_pool
from embedded.engines import Supervised, start
from tests import diary
from tests.api.conftest import Stage
from tests.conftest import Diary, until

# The run waits for a lock, and the API has looked since whether PostgreSQL is there: it will have to look again.
LOOKED = """
SELECT EXISTS (
    SELECT FROM pg_stat_activity AS run JOIN pg_stat_activity AS look ON look.query_start > run.query_start
    WHERE run.wait_event_type = 'Lock' AND look.pid <> pg_backend_pid() AND btrim(look.query) = 'SELECT 1')
"""


@dataclass
class OwnDatabase:
    """A PostgreSQL for one test alone, to be stopped and started again."""

    folder: Path
    running: list[Supervised] = field(default_factory=list)

    async def start(self) -> Supervised:
        self.running.append(await asyncio.to_thread(start, self.folder, ui=False, temporal=False))
        return self.running[-1]

    async def stop(self) -> None:
        while self.running:
            await asyncio.to_thread(self.running.pop().stop)


@pytest.fixture
async def database() -> AsyncIterator[OwnDatabase]:
    with tempfile.TemporaryDirectory(prefix="writ-", dir="/tmp") as folder:
        own = OwnDatabase(Path(folder))
        try:
            yield own
        finally:
            await own.stop()


async def test_a_caller_whose_run_waits_for_postgresql_is_told_where_to_ask(
    database: OwnDatabase, temporal_client: Client, task_queue: str
) -> None:
    engines = await database.start()
    schema = f"diary_{uuid4().hex[:12]}"
    watching = await asyncpg.connect(engines.superuser_url)
    holding = await asyncpg.connect(engines.publish_database_url)
    owner = await connect_pool(engines.publish_database_url, size=2)
    pool = await connect_pool(engines.database_url, size=4)
    try:
        await ensure_own_schema(holding)
        await holding.execute(diary.tables(schema))
        plans = diary.release(schema)
        app = Diary(schema, plans, diary.loaded(plans), owner)
        stage = Stage(engines, temporal_client, pool, app, task_queue)
        async with stage.api() as api:
            slot = await app.slot()
            transaction = holding.transaction()
            await transaction.start()
            await holding.execute(f"SELECT 1 FROM {schema}.slot FOR UPDATE")
            calling = asyncio.create_task(api.book(slot))

            async def looked_in_vain() -> bool:
                return bool(await watching.fetchval(LOOKED))

            await until(looked_in_vain)
            await database.stop()
            try:
                answer = await calling
            finally:
                await database.start()  # whatever comes: a worker ends only after the run's transaction
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (503, "run_waits")
            assert answer.headers["retry-after"] == "1"
            assert answer.headers["location"] == f"/v1/runs/{problem['run']}"

            async def answered() -> bool:
                found = await api.send("GET", f"/v1/runs/{problem['run']}")
                return bool(found.status_code == 200 and found.json()["status"] == "answered")

            await until(answered)
            assert len(await app.appointments()) == 1
            assert [row["outcome"] for row in await api.rows(problem["run"])] == ["answered"]
    finally:
        for each in (pool, owner, watching, holding):
            each.terminate()
