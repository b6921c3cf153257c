"""How our own tables are read and written outside of runs: quickly or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from activities.postgres_errors import Contention, translated
from writ.effects import Failure
from writ.refusals import Refused

PATIENCE_SECONDS = 2.0
"""A caller waits: what takes longer counts as out of reach."""


@asynccontextmanager
async def own_tables(seconds: float = PATIENCE_SECONDS) -> AsyncIterator[None]:
    """Raise Failure in place of whatever goes wrong inside, and where it takes longer than `seconds`."""
    try:
        with translated():
            async with asyncio.timeout(seconds):
                yield
    except (Refused, Contention) as error:
        raise Failure("retryable", f"a statement on our own tables was not taken: {error}") from error
