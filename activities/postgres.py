"""PostgreSQL: the pool of the application's role, and values on their way in and out.

Rows come as wire values and wire values go as arguments: PostgreSQL says of each which type it has, and the codecs here
know the wire form of that type. So nothing else has to convert anything.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import asyncpg

from activities.postgres_errors import translated
from writ.values import parse_timestamp, timestamp

# Texts, because these classes take parameters only in the eyes of a type checker.
Pool: TypeAlias = "asyncpg.Pool[Any]"
Connection: TypeAlias = "asyncpg.Connection[Any]"
Borrowed: TypeAlias = "asyncpg.pool.PoolConnectionProxy[Any]"

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SAFETY_NET_MS = 10_000


async def connect_pool(dsn: str, *, smallest: int = 1, size: int = 10, application: str = "writ") -> Pool:
    """A pool of `smallest` to `size` connections for the application's role; Failure when there is no server."""
    with translated():
        return await asyncpg.create_pool(
            dsn,
            min_size=smallest,
            max_size=size,
            init=prepare,
            reset=_reset,
            # Plans are as many as they are: each is prepared once per connection and kept.
            statement_cache_size=1024,
            max_cached_statement_lifetime=0,
            timeout=10,
            server_settings={
                "application_name": application,
                "timezone": "UTC",
                "jit": "off",
                "statement_timeout": str(_SAFETY_NET_MS),
                "idle_in_transaction_session_timeout": str(_SAFETY_NET_MS),
            },
        )


async def prepare(connection: Connection) -> None:
    """Teach a connection the wire forms: timestamps, dates, uuids and exact numbers."""
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", encoder=_to_timestamptz, decoder=_from_timestamptz, format="tuple"
    )
    for name in ("uuid", "date"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=str, decoder=str, format="text")
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=_from_numeric, format="text")


async def _reset(connection: Connection | Borrowed) -> None:
    # All our settings end with their transaction, so there is nothing to reset and a round trip to save.
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


def _to_timestamptz(text: str) -> tuple[int]:
    return ((parse_timestamp(text) - _EPOCH) // _MICROSECOND,)


def _from_timestamptz(value: tuple[int]) -> str:
    return timestamp(_EPOCH + timedelta(microseconds=value[0]))


def _from_numeric(text: str) -> int | float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("PostgreSQL returned a number that is not finite")
    return int(text) if "." not in text else number
