"""How our own tables are read and written outside of runs: quickly or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from activities.postgres import Borrowed, Pool
from activities.postgres_errors import Contention, translated
from writ.effects import Failure
from writ.refusals import Refused

PATIENCE_SECONDS = 2.0
"""A caller waits: what takes longer counts as out of reach."""

_T = TypeVar("_T")


async def quickly(doing: Coroutine[Any, Any, _T]) -> _T:
    """What `doing` returns; Failure in place of whatever it raises, and where it takes longer than `PATIENCE_SECONDS`.

    Waits for nothing else then: giving back a connection to a server that is silent can itself take for ever.
    """
    task = asyncio.ensure_future(_as_failure(doing))
    try:
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if done:
        return task.result()
    task.add_done_callback(_forget)
    task.cancel()
    raise Failure("retryable", f"PostgreSQL did not answer within {PATIENCE_SECONDS:g} s")


@asynccontextmanager
async def connection_of(pool: Pool) -> AsyncIterator[Borrowed]:
    """A connection that is given back within `PATIENCE_SECONDS`, or broken off."""
    async with pool.acquire(timeout=PATIENCE_SECONDS) as connection:
        yield connection


async def _as_failure(doing: Coroutine[Any, Any, _T]) -> _T:
    try:
        with translated():
            return await doing
    except (Refused, Contention) as error:
        raise Failure("retryable", f"a statement on our own tables was not taken: {error}") from error


def _forget(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()
