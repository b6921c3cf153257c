"""Idempotency keys: which run a caller's key stands for. Kept by us, because Temporal forgets runs after a while."""

from __future__ import annotations

from dataclasses import dataclass

from activities.named_sql import statements
from activities.own_tables import ask
from activities.postgres import Borrowed, Pool

_SQL = statements("idempotency")


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key as a caller used it for one tool, with the digest of the input it was sent with."""

    subject: str
    app: str
    tool: str
    key: str
    input_digest: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The run a key stands for. `fresh`: since just now; else digest and release are those of the first call."""

    run: str
    release: str
    input_digest: str
    fresh: bool


async def claim(pool: Pool, use: KeyUse, *, run: str, release: str) -> Claim:
    """Let the key stand for `run`, unless it stands for a run already; Failure when that cannot be told.

    Of several claims at the same time exactly one is fresh, and all name the same run.
    """
    return await ask(pool, lambda connection: _claim(connection, use, run, release))


async def _claim(connection: Borrowed, use: KeyUse, run: str, release: str) -> Claim:
    whose = (use.subject, use.app, use.tool, use.key)
    if await connection.fetchval(_SQL["claim"], *whose, use.input_digest, run, release) is not None:
        return Claim(run, release, use.input_digest, fresh=True)
    # Its own statement, so that it sees what was committed while the first one waited.
    row = await connection.fetchrow(_SQL["claimed"], *whose)
    if row is None:
        raise RuntimeError("a key that could not be claimed stands for nothing")
    return Claim(row["run_id"], row["release"], row["body_digest"], fresh=False)
