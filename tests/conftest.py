"""What all tests share: the engines once for the whole run, and for each test its own tables and its own task queue."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from temporalio.client import Client
from temporalio.service import GrpcCompression

from activities.own_schema import ensure_own_schema
from activities.postgres import Pool, connect_pool
from embedded.engines import Engines, start
from tests import diary
from workflows.converter import data_converter
from writ.digest import digest
from writ.plan.model import Release, ToolPlan
from writ.program import LoadedRelease


async def until(seen: Callable[[], bool | Awaitable[bool]]) -> None:
    """Look until it is so, for 20 s at most."""
    async with asyncio.timeout(20):
        while True:
            found = seen()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.005)


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """A Temporal server and a PostgreSQL, real ones, for the whole run; `writ`'s own schema is there."""
    # A short path: the socket of PostgreSQL lies below it, and a socket's path may have some 100 characters.
    with tempfile.TemporaryDirectory(prefix="writ-", dir="/tmp") as folder, start(Path(folder), ui=False) as running:
        asyncio.run(_prepare(running.publish_database_url))
        yield running


async def _prepare(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    try:
        await ensure_own_schema(connection)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def owner_pool(engines: Engines) -> AsyncIterator[Pool]:
    """Connections of the role that owns the tables."""
    pool = await connect_pool(engines.publish_database_url, size=2)
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
async def app_pool(engines: Engines) -> AsyncIterator[Pool]:
    """Connections of the application's role."""
    pool = await connect_pool(engines.database_url, size=8)
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
async def temporal_client(engines: Engines) -> Client:
    """A client of the Temporal server, with the converter of Writ."""
    return await Client.connect(
        engines.temporal_address, data_converter=data_converter, grpc_compression=GrpcCompression.NONE
    )


@pytest.fixture
def task_queue() -> str:
    """A task queue that no other test uses."""
    return f"test-{uuid4().hex[:12]}"


@dataclass(frozen=True)
class Diary:
    """The hand-written app in a schema of its own."""

    schema: str
    plans: Release
    release: LoadedRelease
    owner: Pool

    async def slot(self, starts_at: str = "2099-01-01T09:00:00Z", state: str = "free", places: int = 1) -> str:
        """A new slot; its id."""
        found: str = await self.owner.fetchval(
            f"INSERT INTO {self.schema}.slot (starts_at, state, places) VALUES ($1, $2, $3) RETURNING id",
            starts_at,
            state,
            places,
        )
        return found

    async def appointments(self) -> list[asyncpg.Record]:
        """All appointments, whoever owns them."""
        return await self.owner.fetch(f"SELECT * FROM {self.schema}.appointment ORDER BY id")

    async def state(self, slot: str) -> str:
        """The state a slot is in."""
        found: str = await self.owner.fetchval(f"SELECT state FROM {self.schema}.slot WHERE id = $1", slot)
        return found

    async def publish(self) -> None:
        """Store the release and make it the active one."""
        await publish(self.owner, self.plans)

    def with_tools(self, *tools: ToolPlan) -> Diary:
        """The same tables under a release with more tools, or others of the same name."""
        plans = diary.release(self.schema, *tools)
        return Diary(self.schema, plans, diary.loaded(plans), self.owner)


async def publish(owner: Pool, plans: Release) -> str:
    """Store a release and make it the active one; its digest."""
    body = plans.model_dump(mode="json")
    found = digest(body)
    async with owner.acquire() as connection, connection.transaction():
        await connection.execute(
            "INSERT INTO writ.release (digest, app, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            found,
            plans.app,
            plans.model_dump_json(),
        )
        await connection.execute(
            "INSERT INTO writ.active_release (app, digest) VALUES ($1, $2) "
            "ON CONFLICT (app) DO UPDATE SET digest = excluded.digest, since = clock_timestamp()",
            plans.app,
            found,
        )
    return found


@pytest.fixture
async def diary_app(owner_pool: Pool) -> AsyncIterator[Diary]:
    """The hand-written app with empty tables of its own."""
    schema = f"diary_{uuid4().hex[:12]}"
    await owner_pool.execute(diary.tables(schema))
    plans = diary.release(schema)
    yield Diary(schema, plans, diary.loaded(plans), owner_pool)
    await owner_pool.execute(f"DROP SCHEMA {schema} CASCADE")
