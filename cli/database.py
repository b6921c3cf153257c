"""PostgreSQL for a command: a small pool as the application's role, and its failures in our words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from cli.endings import CannotGoOn

if TYPE_CHECKING:
    from activities.postgres import Pool
    from settings import Settings

T = TypeVar("T")


def ask(settings: Settings, question: Callable[[Pool], Awaitable[T]]) -> T:
    """What `question` finds in the database of `settings`, or of this checkout; CannotGoOn where it cannot be asked."""
    from cli.engines import with_engines

    found = with_engines(settings, "database")

    async def asked() -> T:
        async with open_pool(found.require_database()) as pool:
            return await question(pool)

    return asyncio.run(asked())


@asynccontextmanager
async def open_pool(url: str, *, size: int = 2) -> AsyncIterator[Pool]:
    """A pool for one command. Failures inside, connecting included, become CannotGoOn."""
    from activities.postgres import connect_pool
    from activities.postgres_errors import Contention, translated
    from writ.effects import Failure
    from writ.refusals import Refused

    try:
        with translated():
            pool = await connect_pool(url, size=size, application="writ command")
            try:
                yield pool
            finally:
                await pool.close()
    except Failure as failure:
        help = "publish an app first (`writ publish`)" if failure.kind == "permanent" else "`writ doctor` looks closer"
        raise CannotGoOn(failure.message, help) from failure
    except (Contention, Refused) as error:
        raise CannotGoOn(f"PostgreSQL did not take a statement: {error}", "`writ doctor` looks closer") from error
