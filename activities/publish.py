"""Publishing: the database made to fit, the release stored, new runs switched to it: all in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

from activities.migration import Migration, wanted
from activities.named_sql import statements
from activities.own_schema import ForeignSchema, ensure_own_schema
from activities.publish_gate import breaking, objections
from activities.release_sources import packed, unpacked
from activities.releases import read_release
from activities.schema_connection import driver, schema_connection
from writ.digest import canonical as canonical_json
from writ.effects import Failure
from writ.nodes.typed import TypedApp
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
    """Publishing would let something run that the safety engine does not, lose data, break rows that are there, or keep
    a release that cannot run. Nothing was changed and nothing stored.
    """

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


async def publish(
    url: str, app: TypedApp, release: Release, *, files: Mapping[str, bytes], published_by: str
) -> Published:
    """Publish `release`, compiled from `app`, which `files` say (path as it was checked → content), as the owner of the
    tables; new runs follow it from the commit on.

    Nothing of it is believed: the files are judged and compiled again. Publishing the same again changes nothing.
    PublishRefused where that gives anything else than this release or no release at all, where a migration is refused,
    and where the stored release cannot be loaded; Failure where the database cannot do it.
    """
    refused = await asyncio.to_thread(objections, app, release, files)
    if refused:
        raise PublishRefused(refused)
    return await _keep(url, app, release, packed(app, files), published_by, compared=True)


async def _keep(
    url: str, app: TypedApp, release: Release, sources: bytes, published_by: str, *, compared: bool = False
) -> Published:
    digest = release_digest(release)
    async with schema_connection(url) as connection:
        raw = await driver(connection)
        await raw.execute(_SQL["hold"])
        await _own_schema(raw)
        broken = await _broken(raw, app) if compared else ()
        found = await connection.run_sync(wanted, app)
        refused = (*broken, *map(str, found.refusals))
        if refused:
            raise PublishRefused(refused)
        await _migrate(raw, found)
        await raw.execute(_SQL["keep"], digest, release.app, canonical(release).decode(), published_by)
        await raw.execute(_SQL["keep_sources"], digest, sources)
        await _require_loadable(raw, digest)
        switched = await raw.fetchval(_SQL["switch"], release.app, digest)
        if switched is not None:
            acknowledged = canonical_json(release.check.model_dump(mode="json")["acknowledged"]).decode()
            await raw.execute(_SQL["note"], digest, release.app, published_by, acknowledged)
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


async def _broken(raw: asyncpg.Connection[Any], app: TypedApp) -> tuple[str, ...]:
    """What breaks those who call the release that decides now, neither said by a new version nor acknowledged."""
    active = await raw.fetchval(_SQL["active_sources"], app.name)
    return await asyncio.to_thread(breaking, app, unpacked(active)) if active is not None else ()


async def _require_loadable(raw: asyncpg.Connection[Any], digest: str) -> None:
    """What no worker could load must not decide: new runs would go on following the release before it, unnoticed."""
    body = await raw.fetchval(_SQL["kept"], digest)
    try:
        await asyncio.to_thread(read_release, body, digest)
    except Exception as error:
        raise PublishRefused((f"no worker could load this release: {error}",)) from error


async def _migrate(raw: asyncpg.Connection[Any], found: Migration) -> None:
    for statement in found.statements:
        try:
            await raw.execute(statement)
        except asyncpg.IntegrityConstraintViolationError as error:
            # Counted a moment ago, and written since.
            said = getattr(error, "message", None) or error
            raise PublishRefused((f"rows written meanwhile stand in the way: {said}; publish again",)) from error
