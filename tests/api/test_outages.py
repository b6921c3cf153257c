"""PostgreSQL or Temporal away: a quick 503, and everything works again when they are back."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from temporalio.client import Client

from activities.postgres import connect_pool
from embedded.ports import any_free
from tests.api.conftest import Api, Stage
from tests.api.gate import Gate, before_port, before_socket
from workflows.converter import data_converter

QUICK_SECONDS = 5.0


@dataclass(frozen=True)
class Gated:
    """An API whose way to one engine can be cut."""

    api: Api
    gate: Gate


@asynccontextmanager
async def before_postgresql(stage: Stage) -> AsyncIterator[Gated]:
    url = stage.engines.database_url
    folder = Path(parse_qs(urlsplit(url).query)["host"][0])
    with tempfile.TemporaryDirectory(prefix="writ-", dir="/tmp") as gated:
        async with before_socket(folder / ".s.PGSQL.5432", Path(gated)) as gate:
            pool = await connect_pool(url.replace(str(folder), gated), size=4)
            try:
                async with stage.api(pool=pool) as api:
                    yield Gated(api, gate)
            finally:
                pool.terminate()


@asynccontextmanager
async def before_temporal(stage: Stage) -> AsyncIterator[Gated]:
    host, _, real = stage.engines.temporal_address.rpartition(":")
    [port] = any_free(1)
    async with before_port(host, int(real), port) as gate:
        client = await Client.connect(f"{host}:{port}", data_converter=data_converter)
        async with stage.api(temporal=client) as api:
            yield Gated(api, gate)


ENGINES = {"postgresql": before_postgresql, "temporal": before_temporal}


async def quickly(api: Api, slot: str, key: str | None = None) -> httpx.Response:
    began = time.monotonic()
    answer = await api.book(slot, key)
    assert time.monotonic() - began < QUICK_SECONDS
    return answer


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("way", ["closed", "frozen"])
async def test_an_engine_that_is_away_is_a_quick_503_and_heals(stage: Stage, engine: str, way: str) -> None:
    async with ENGINES[engine](stage) as gated:
        api, slot = gated.api, await gated.api.app.slot()
        assert (await api.http.get("/readyz")).json() == {"status": "ready", "missing": []}
        if way == "closed":
            await gated.gate.close()
        else:
            gated.gate.freeze()
        asking = api.http.get("/readyz")
        *answers, ready = await asyncio.gather(quickly(api, slot), quickly(api, slot, f"key-{slot}"), asking)
        for answer in answers:
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "1"
            assert answer.headers["content-type"] == "application/problem+json"
            if engine == "temporal":
                # The start may have happened: its caller can ask.
                assert answer.json()["code"] == "start_unknown"
                assert answer.headers["location"] == f"/v1/runs/{answer.json()['run']}"
        assert (ready.status_code, ready.json()["missing"]) == (503, [engine])
        assert (await api.http.get("/healthz")).status_code == 200
        await gated.gate.open()
        while (await api.http.get("/readyz")).status_code != 200:
            pass
        answer = await api.book(slot, f"key-{slot}")
        # Without a key a start whose answer got lost may have booked the slot; it can be asked for by its run.
        assert answer.status_code in (200, 409)
        assert len(await api.app.appointments()) == 1


async def test_readiness_names_a_missing_release(stage: Stage) -> None:
    class Nothing:
        def active(self, app: str) -> str | None:
            return None

        def apps(self) -> tuple[str, ...]:
            return ()

    async with stage.api(releases=Nothing()) as api:
        assert (await api.http.get("/readyz")).json() == {"status": "not ready", "missing": ["release"]}


async def test_a_failed_door_is_no_run(stage: Stage) -> None:
    async with before_postgresql(stage) as gated:
        await gated.gate.close()
        answer = await quickly(gated.api, "not a uuid")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
