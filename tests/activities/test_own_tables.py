"""Our own tables while PostgreSQL is silent: every access ends in time, and the pool is whole again afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import asyncpg
import pytest

from activities import idempotency, runs
from activities.audit import record_audit
from activities.own_tables import PATIENCE_SECONDS, ask
from activities.postgres import Pool, connect_pool
from embedded.engines import Engines
from tests.conftest import until
from writ.effects import AuditRecord, Failure

LATEST_SECONDS = PATIENCE_SECONDS + 1.0


def record() -> AuditRecord:
    known: dict[str, object] = {
        "run_id": str(uuid4()), "app": "diary", "tool": "book", "release": "sha256:x", "trigger": "http",
        "subject": "ann", "roles": (), "started_at": "2026-11-20T12:00:00Z", "outcome": "answered", "steps": (),
        "trace": (), "input": None, "input_digest": "sha256:y",
    }  # fmt: skip
    return AuditRecord.model_validate(known)


def use() -> idempotency.KeyUse:
    return idempotency.KeyUse("ann", "diary", "book", uuid4().hex, "sha256:y")


ACCESSES: dict[str, Callable[[Pool], Awaitable[object]]] = {
    "a key is claimed": lambda pool: idempotency.claim(pool, use(), run="run", release="sha256:x"),
    "a run is found": lambda pool: runs.find(pool, "run"),
    "runs are listed": runs.recent,
    "PostgreSQL is reached": runs.reach,
    "a row is recorded": lambda pool: record_audit(pool, record()),
}


@pytest.fixture
async def pool(engines: Engines) -> AsyncIterator[Pool]:
    """As many connections as there are accesses, all of them open."""
    found = await connect_pool(engines.database_url, smallest=len(ACCESSES), size=len(ACCESSES))
    yield found
    found.terminate()


@contextmanager
def frozen(pids: list[int]) -> Iterator[None]:
    """Server processes that are there and say nothing."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def served_by(pool: Pool) -> list[int]:
    """The server processes of all connections of a pool."""
    async with asyncio.timeout(10):
        connections = [await pool.acquire() for _ in ACCESSES]
    try:
        return [connection.get_server_pid() for connection in connections]
    finally:
        for connection in connections:
            await pool.release(connection)


async def refused(doing: Awaitable[object]) -> tuple[str, float]:
    began = time.monotonic()
    with pytest.raises(Failure) as caught:
        await doing
    return caught.value.kind, time.monotonic() - began


async def test_no_access_waits_for_a_silent_server(pool: Pool) -> None:
    with frozen(await served_by(pool)):
        found = await asyncio.gather(*(refused(access(pool)) for access in ACCESSES.values()))
    for name, (kind, seconds) in zip(ACCESSES, found, strict=True):
        assert (kind, seconds < LATEST_SECONDS) == ("retryable", True), name


async def test_a_pool_is_whole_again_when_the_server_speaks(pool: Pool) -> None:
    with frozen(await served_by(pool)):
        await asyncio.gather(*(refused(runs.reach(pool)) for _ in ACCESSES))
    assert len(await served_by(pool)) == len(ACCESSES)
    for access in ACCESSES.values():
        await access(pool)


async def test_a_busy_pool_is_a_failure_in_time(engines: Engines) -> None:
    pool = await connect_pool(engines.database_url, size=1)
    async with pool.acquire():
        kind, seconds = await refused(runs.reach(pool))
    assert (kind, seconds < LATEST_SECONDS) == ("retryable", True)
    await pool.close()


async def test_a_statement_that_is_not_taken_is_a_failure(app_pool: Pool) -> None:
    async def wrong(connection: object) -> None:
        raise asyncpg.UniqueViolationError("twice")

    assert (await refused(ask(app_pool, wrong)))[0] == "retryable"


async def test_who_no_longer_waits_leaves_nothing_behind(pool: Pool) -> None:
    entered = asyncio.Event()

    async def endless(connection: object) -> None:
        entered.set()
        await asyncio.Event().wait()

    asking = asyncio.create_task(ask(pool, endless, within_seconds=60))
    await entered.wait()
    asking.cancel()
    await until(lambda: pool.get_idle_size() == len(ACCESSES))
    assert asking.cancelled()
