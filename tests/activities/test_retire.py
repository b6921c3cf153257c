"""An app that is retired: nobody calls it any longer, and nothing of it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from activities.postgres import Pool
from activities.publish import retire
from activities.releases import Releases
from embedded.engines import Engines
from tests.unjudged import publish_unjudged
from tests.writ.plan.clinic import clinic
from writ.effects import Failure
from writ.nodes.typed import TypedApp
from writ.registry import Registry


@pytest.fixture
async def app(owner_pool: Pool) -> AsyncIterator[TypedApp]:
    schema = f"clinic_{uuid4().hex[:12]}"
    yield replace(clinic(), name=schema)
    await owner_pool.execute("DELETE FROM writ.active_release WHERE app = $1", schema)
    await owner_pool.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


async def publish_app(engines: Engines, app: TypedApp) -> str:
    return (await publish_unjudged(engines.publish_database_url, app)).digest


async def test_tables_and_releases_stay_and_publishing_brings_it_back(
    engines: Engines, app: TypedApp, owner_pool: Pool
) -> None:
    digest = await publish_app(engines, app)
    assert await retire(engines.publish_database_url, app.name) == digest
    assert await owner_pool.fetchval("SELECT count(*) FROM writ.active_release WHERE app = $1", app.name) == 0
    assert await owner_pool.fetchval("SELECT count(*) FROM writ.release WHERE digest = $1", digest) == 1
    assert await owner_pool.fetchval(f"SELECT count(*) FROM {app.name}.practitioner") == 0
    assert await retire(engines.publish_database_url, app.name) is None
    assert await publish_app(engines, app) == digest
    assert await owner_pool.fetchval("SELECT digest FROM writ.active_release WHERE app = $1", app.name) == digest


async def test_every_process_hears_of_it(engines: Engines, app: TypedApp) -> None:
    digest = await publish_app(engines, app)
    registry, changed = Registry(), asyncio.Event()

    async def until(active: str | None) -> None:
        async with asyncio.timeout(5):
            while releases.active(app.name) != active:
                await changed.wait()
                changed.clear()

    async with Releases(engines.database_url, registry) as releases:
        releases.on_change(changed.set)
        assert releases.active(app.name) == digest
        await retire(engines.publish_database_url, app.name)
        await until(None)
        assert app.name not in releases.apps()
        # A run that goes on still finds its plans.
        assert digest in registry
        await publish_app(engines, app)
        await until(digest)


async def test_a_user_who_owns_nothing_cannot_retire(engines: Engines, app: TypedApp) -> None:
    digest = await publish_app(engines, app)
    with pytest.raises(Failure):
        await retire(engines.database_url, app.name)
    assert await publish_app(engines, app) == digest
