"""The connection that publishing uses: one transaction as the owner of the tables, which never hangs behind locks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from writ.effects import Failure, FailureKind

LOCK_TIMEOUT_SECONDS = 5
STATEMENT_TIMEOUT_SECONDS = 300
OLDEST_VERSION = 18

_CONNECT_SECONDS = 10.0
_SETTINGS = {
    "application_name": "writ publish",
    # Nothing unqualified is ever found but PostgreSQL's own, and every name it shows us is written out.
    "search_path": "pg_catalog",
    "lock_timeout": f"{LOCK_TIMEOUT_SECONDS}s",
    "statement_timeout": f"{STATEMENT_TIMEOUT_SECONDS}s",
    # Existing rows are counted, whoever owns them.
    "writ.sees_all": "on",
}


@asynccontextmanager
async def schema_connection(url: str, *, read_only: bool = False) -> AsyncIterator[AsyncConnection]:
    """A connection to `url` in a transaction: committed at the end, rolled back on any exception.

    Failure where the database is out of reach, too old, or does not let this user do what has to be done.
    """
    settings = _SETTINGS | ({"default_transaction_read_only": "on"} if read_only else {})

    async def connect() -> asyncpg.Connection[Any]:
        return await asyncpg.connect(url, timeout=_CONNECT_SECONDS, server_settings=settings)

    with translated_for_publishing():
        engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
        async with engine.begin() as connection:
            await _refuse_old(connection)
            yield connection


async def driver(connection: AsyncConnection) -> asyncpg.Connection[Any]:
    """The asyncpg connection below, in the same transaction."""
    raw = (await connection.get_raw_connection()).driver_connection
    if not isinstance(raw, asyncpg.Connection):
        raise TypeError("the connection is not one of asyncpg")
    return raw


async def _refuse_old(connection: AsyncConnection) -> None:
    # A statement, too: only with the first one the transaction is begun.
    version = int((await connection.exec_driver_sql("SHOW server_version_num")).scalar_one()) // 10_000
    if version < OLDEST_VERSION:
        raise Failure("permanent", f"this is PostgreSQL {version}, and Writ needs {OLDEST_VERSION} or newer")


@contextmanager
def translated_for_publishing() -> Iterator[None]:
    """Raise Failure in place of whatever asyncpg, SQLAlchemy or the operating system raises inside."""
    try:
        yield
    except DBAPIError as error:
        cause = error.orig.__cause__ if error.orig is not None else None
        raise _translated(cause) or error from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise _translated(error) or error from error


def _translated(error: BaseException | None) -> Exception | None:
    if isinstance(error, asyncpg.PostgresError):
        return _from_server(error)
    if isinstance(error, asyncpg.exceptions.ClientConfigurationError):
        return Failure("permanent", f"the database URL cannot be used: {error}")
    if isinstance(error, asyncpg.InterfaceError):
        return Failure("retryable", f"the connection to PostgreSQL broke: {error}")
    if isinstance(error, OSError):
        reason = f"PostgreSQL cannot be reached: {str(error) or type(error).__name__}"
        return Failure("retryable", f"{reason}; is it running, and is the URL right?")
    return None


_SAYINGS: dict[str, tuple[FailureKind, str]] = {
    "55P03": (
        "retryable",
        f"another transaction was in the way for more than {LOCK_TIMEOUT_SECONDS} s, nothing changed; publish again",
    ),
    "57014": ("retryable", f"a statement took more than {STATEMENT_TIMEOUT_SECONDS} s, nothing was changed"),
    "40P01": ("retryable", "running transactions were in the way, nothing was changed; publish again"),
    "40001": ("retryable", "running transactions were in the way, nothing was changed; publish again"),
    "3D000": ("permanent", "the database does not exist; create it, as `roles.sql` does"),
    "42501": ("permanent", "this user may not do that; publish as the role that owns the tables (`writ_owner`)"),
    "42P07": ("permanent", "something else has the name of a table or index already; rename or remove it"),
}


def _from_server(error: asyncpg.PostgresError) -> Exception:
    state = error.sqlstate or ""
    said = str(getattr(error, "message", None) or error)
    if state.startswith("28"):
        return Failure("permanent", f"PostgreSQL does not let this user in: {said}")
    if state in _SAYINGS:
        kind, saying = _SAYINGS[state]
        return Failure(kind, f"{saying} ({said})")
    if state.startswith(("08", "53", "57")):
        return Failure("retryable", f"PostgreSQL is not able to serve now: {said}")
    return Failure("permanent", f"PostgreSQL refused a statement (SQLSTATE {state}): {said}")
