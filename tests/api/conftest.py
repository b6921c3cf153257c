"""What the tests of the API share: the API over real HTTP, with a worker beside it in this process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from temporalio.client import Client

from activities.postgres import Pool
from activities.releases import Releases
from api.app import create_app
from api.auth import TokenVerifier
from api.catalogue import ActiveReleases
from api.development_token import mint_from
from embedded.engines import Engines
from settings import Settings
from tests import diary
from tests.conftest import Diary
from worker import make_worker
from writ.plan.model import HttpTrigger
from writ.registry import Registry

KEY = "a development key of more than 32 bytes"


def settings_for(task_queue: str, **changes: Any) -> Settings:
    return Settings(**{"task_queue": task_queue, "development_key": KEY, **changes})


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """The base URL of `app` while it is served over real HTTP."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", http="httptools"))
    # Said to be TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms for an acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@dataclass(frozen=True)
class Api:
    """The API as a caller meets it."""

    http: httpx.AsyncClient
    settings: Settings
    app: Diary
    pool: Pool
    temporal: Client
    made: FastAPI

    def token(self, subject: str = "ann", *roles: str) -> str:
        return mint_from(self.settings, subject, roles or ("patient",))

    async def send(
        self, method: str, path: str, *, subject: str = "ann", roles: tuple[str, ...] = (), **more: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(subject, *roles)}", **more.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **more)

    async def book(self, slot: str, key: str | None = None, **more: Any) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        headers.update(more.pop("headers", {}))
        given = {"slot": slot, **more.pop("input", {})}
        return await self.send("POST", "/diary/appointments", json=given, headers=headers, **more)

    async def ended(self, run: str) -> dict[str, Any]:
        """The run once it has ended."""
        while (found := (await self.send("GET", f"/v1/runs/{run}")).json())["status"] == "running":
            pass
        return dict(found)

    async def rows(self, run: str) -> list[asyncpg.Record]:
        return await self.pool.fetch("SELECT * FROM writ.audit WHERE run_id = $1", run)


def tools(schema: str) -> tuple[Any, ...]:
    """Tools that take their input from the address, and one that breaks."""
    given = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "limit": {"type": "integer", "minimum": 1},
            "open": {"type": "boolean"},
            "days": {"type": "array", "items": {"type": "integer"}},
        },
    }
    listing = diary.mine(schema).model_copy(
        update={"tool": "list", "input_schema": given, "http": HttpTrigger(method="GET", path="/appointments")}
    )
    book_slot = diary.book(schema, tool="book_slot", http=HttpTrigger(method="POST", path="/slots/{slot}/appointments"))
    answer = {"type": "object", "required": ["never"]}
    broken = diary.overbook(schema).model_copy(update={"tool": "broken", "output_schema": answer})
    return listing, book_slot, broken


class Stage:
    """Puts an API on stage for one test; leave out the worker, or change a setting, where the test is about that."""

    def __init__(self, engines: Engines, temporal: Client, pool: Pool, app: Diary, task_queue: str) -> None:
        self.engines = engines
        self.temporal = temporal
        self.pool = pool
        self.app = app.with_tools(*tools(app.schema))
        self.task_queue = task_queue

    @asynccontextmanager
    async def api(
        self,
        *,
        worker: bool = True,
        pool: Pool | None = None,
        temporal: Client | None = None,
        releases: ActiveReleases | None = None,
        **changes: Any,
    ) -> AsyncIterator[Api]:
        settings = settings_for(self.task_queue, **changes)
        await self.app.publish()
        async with AsyncExitStack() as stack:
            registry = Registry()
            current = await stack.enter_async_context(Releases(self.engines.database_url, registry))
            if worker:
                await stack.enter_async_context(make_worker(self.temporal, self.task_queue, self.pool, registry))
            app = create_app(
                settings=settings,
                client=temporal or self.temporal,
                pool=pool or self.pool,
                releases=releases or current,
                registry=registry,
                verifier=TokenVerifier.from_settings(settings),
            )
            url = await stack.enter_async_context(served(app))
            http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=30))
            yield Api(http, settings, self.app, self.pool, self.temporal, app)


@pytest.fixture
def stage(engines: Engines, temporal_client: Client, app_pool: Pool, diary_app: Diary, task_queue: str) -> Stage:
    return Stage(engines, temporal_client, app_pool, diary_app, task_queue)


@pytest.fixture
async def own_api(stage: Stage) -> AsyncIterator[Api]:
    """An API for one test alone, which hears of releases as they are published."""
    async with stage.api() as on_stage:
        yield on_stage


@dataclass(frozen=True)
class Fixed:
    """The active releases of an API that no test publishes to."""

    digests: dict[str, str]

    def active(self, app: str) -> str | None:
        return self.digests.get(app)

    def apps(self) -> tuple[str, ...]:
        return tuple(self.digests)


@pytest.fixture(scope="session")
async def shared_api(engines: Engines, temporal_client: Client, app_pool: Pool, owner_pool: Pool) -> AsyncIterator[Api]:
    """One API and one worker for all tests that need nothing special of them."""
    schema = f"diary_{uuid4().hex[:12]}"
    await owner_pool.execute(diary.tables(schema))
    plans = diary.release(schema, *tools(schema))
    app = Diary(schema, plans, diary.loaded(plans), owner_pool)
    registry = Registry()
    registry.add(app.release.digest, app.release)
    settings = settings_for(f"test-{schema}")
    made = create_app(
        settings=settings,
        client=temporal_client,
        pool=app_pool,
        releases=Fixed({app.release.release.app: app.release.digest}),
        registry=registry,
        verifier=TokenVerifier.from_settings(settings),
    )
    async with (
        make_worker(temporal_client, settings.task_queue, app_pool, registry),
        served(made) as url,
        httpx.AsyncClient(base_url=url, timeout=30) as http,
    ):
        yield Api(http, settings, app, app_pool, temporal_client, made)
    await owner_pool.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
async def api(shared_api: Api) -> Api:
    """The shared API, its app without rows."""
    schema = shared_api.app.schema
    await shared_api.app.owner.execute(f"DELETE FROM {schema}.appointment; DELETE FROM {schema}.slot")
    return shared_api
