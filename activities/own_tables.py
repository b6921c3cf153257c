"""How our own tables are read and written outside of transactions of a flow: in a bounded time or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from activities.postgres import Borrowed, Pool
from activities.postgres_errors import Contention, translated
from writ.effects import Failure
from writ.refusals import Refused

PATIENCE_SECONDS = 2.0
"""A caller waits: what takes longer counts as out of reach."""

_T = TypeVar("_T")


async def ask(
    pool: Pool, doing: Callable[[Borrowed], Awaitable[_T]], *, within_seconds: float = PATIENCE_SECONDS
) -> _T:
    """What `doing` returns, given a connection of `pool`.

    Failure in place of whatever the database raises, and where all of it takes longer than `within_seconds`. Waits for
    nothing else then: giving back a connection to a server that is silent takes its own time, and breaks it off.
    """
    task = asyncio.ensure_future(_asked(pool, doing, within_seconds))
    try:
        done, _ = await asyncio.wait({task}, timeout=within_seconds)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if done:
        return task.result()
    task.add_done_callback(_forget)
    task.cancel()
    raise Failure("retryable", f"PostgreSQL did not answer within {within_seconds:g} s")


async def _asked(pool: Pool, doing: Callable[[Borrowed], Awaitable[_T]], seconds: float) -> _T:
    try:
        with translated():
            # The time is for taking the connection and for giving it back as well.
            async with pool.acquire(timeout=seconds) as connection:
                return await doing(connection)
    except (Refused, Contention) as error:
        raise Failure("retryable", f"a statement on our own tables was not taken: {error}") from error


def _forget(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()
