"""Which releases are stored: by the beginning of a digest, or by the app they decide for."""

from __future__ import annotations

from activities.named_sql import statements
from activities.schema_connection import driver, schema_connection

_SQL = statements("release")
MOST = 4
"""More digests than that are not told apart: whoever asks says more of the one that is meant."""


async def beginning_with(url: str, digest: str) -> tuple[str, ...]:
    """The digests of stored releases that begin so, MOST of them at most. Failure where the database cannot tell."""
    async with schema_connection(url, read_only=True) as connection:
        rows = await (await driver(connection)).fetch(_SQL["beginning_with"], digest, MOST)
    return tuple(row["digest"] for row in rows)


async def deciding(url: str, app: str) -> str | None:
    """The digest of the release that new runs of `app` follow; None where none does. Failure as above."""
    async with schema_connection(url, read_only=True) as connection:
        digest: str | None = await (await driver(connection)).fetchval(_SQL["deciding"], app)
    return digest
