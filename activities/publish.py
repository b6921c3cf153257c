"""Publishing: the database made to fit, the release stored, new runs switched to it: all in one transaction."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import asyncpg

from activities.migration import Migration, wanted
from activities.named_sql import statements
from activities.own_schema import ForeignSchema, ensure_own_schema
from activities.releases import read_release
from activities.schema_connection import driver, schema_connection
from writ.effects import Failure
from writ.nodes.typed import TypedApp
from writ.plan.definition import definition
from writ.plan.model import Release
from writ.plan.release import canonical, release_digest

_SQL = statements("publish")


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: `statements` is what the tables needed; `already_active`, this release decided already."""

    digest: str
    app: str
    statements: tuple[str, ...]
    already_active: bool


class PublishRefused(Exception):
    """Publishing would lose data, break rows that are there, or keep a release that cannot run. Nothing was changed and
    nothing stored.
    """

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


async def publish(url: str, app: TypedApp, release: Release, *, published_by: str) -> Published:
    """Publish `release`, compiled from `app`, as the owner of the tables; new runs follow it from the commit on.

    Publishing the same again changes nothing. PublishRefused where a migration is refused or the stored release cannot
    be loaded; Failure where the database cannot do it; ValueError where `release` was not compiled from `app`.
    """
    if release.definition != definition(app):
        raise ValueError(f"the release of `{release.app}` was not compiled from this app")
    digest = release_digest(release)
    async with schema_connection(url) as connection:
        raw = await driver(connection)
        await raw.execute(_SQL["hold"])
        await _own_schema(raw)
        found = await connection.run_sync(wanted, app)
        await _migrate(raw, found)
        await raw.execute(_SQL["keep"], digest, release.app, canonical(release).decode(), published_by)
        await _require_loadable(raw, digest)
        switched = await raw.fetchval(_SQL["switch"], release.app, digest)
    return Published(digest, release.app, found.statements, switched is None)


async def retire(url: str, app: str) -> str | None:
    """Let nobody call `app` any longer, as the owner of the tables; the digest that decided, None where none did.

    Its tables, releases and audit rows stay, runs that go on finish, and publishing brings it back. Failure where the
    database cannot do it.
    """
    async with schema_connection(url) as connection:
        raw = await driver(connection)
        await raw.execute(_SQL["hold"])
        # What tells the other processes may be newer than this database.
        await _own_schema(raw)
        retired: str | None = await raw.fetchval(_SQL["retire"], app)
    return retired


async def _own_schema(raw: asyncpg.Connection[Any]) -> None:
    try:
        await ensure_own_schema(raw)
    except ForeignSchema as error:
        raise Failure("permanent", str(error)) from error


async def _require_loadable(raw: asyncpg.Connection[Any], digest: str) -> None:
    """What no worker could load must not decide: new runs would go on following the release before it, unnoticed."""
    body = await raw.fetchval(_SQL["kept"], digest)
    try:
        await asyncio.to_thread(read_release, body, digest)
    except Exception as error:
        raise PublishRefused((f"no worker could load this release: {error}",)) from error


async def _migrate(raw: asyncpg.Connection[Any], found: Migration) -> None:
    if found.refusals:
        raise PublishRefused(tuple(str(refusal) for refusal in found.refusals))
    for statement in found.statements:
        try:
            await raw.execute(statement)
        except asyncpg.IntegrityConstraintViolationError as error:
            # Counted a moment ago, and written since.
            said = getattr(error, "message", None) or error
            raise PublishRefused((f"rows written meanwhile stand in the way: {said}; publish again",)) from error
