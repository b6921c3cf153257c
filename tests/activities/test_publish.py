from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from activities import schema_connection
from activities.postgres import Pool
from activities.publish import Published, PublishRefused
from embedded.engines import Engines
from tests.unjudged import publish_unjudged, released
from tests.writ.plan.clinic import booking, clinic, field, respond, tool, with_field
from writ.effects import Failure
from writ.nodes.typed import TypedApp
from writ.plan.release import load_release, release_digest
from writ.values.types import Text


@pytest.fixture
async def app(owner_pool: Pool) -> AsyncIterator[TypedApp]:
    """The clinic under a name of its own, not published yet."""
    schema = f"clinic_{uuid4().hex[:12]}"
    yield replace(clinic(), name=schema)
    await owner_pool.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


async def publish_app(engines: Engines, app: TypedApp) -> Published:
    return await publish_unjudged(engines.publish_database_url, app, by="ann")


async def stored(pool: Pool, digest: str) -> asyncpg.Record | None:
    return await pool.fetchrow("SELECT app, body, published_by FROM writ.release WHERE digest = $1", digest)


async def active(pool: Pool, app: TypedApp) -> str | None:
    found: str | None = await pool.fetchval("SELECT digest FROM writ.active_release WHERE app = $1", app.name)
    return found


async def test_a_release_is_stored_and_decides(engines: Engines, app: TypedApp, app_pool: Pool) -> None:
    published = await publish_app(engines, app)
    assert published.digest == release_digest(released(app))
    assert (published.app, published.already_active) == (app.name, False)
    row = await stored(app_pool, published.digest)
    assert row is not None
    assert load_release(row["body"]) == released(app)
    assert row["published_by"] == "ann"
    assert await active(app_pool, app) == published.digest


async def test_publishing_the_same_again_changes_nothing(engines: Engines, app: TypedApp) -> None:
    first = await publish_app(engines, app)
    assert await publish_app(engines, app) == Published(first.digest, app.name, (), True)


async def test_an_earlier_release_can_decide_again(engines: Engines, app: TypedApp, app_pool: Pool) -> None:
    first = await publish_app(engines, app)
    second = await publish_app(engines, replace(app, tools={"book_appointment": booking()}))
    assert await active(app_pool, app) == second.digest != first.digest
    again = await publish_app(engines, app)
    assert (again.digest, again.already_active) == (first.digest, False)
    assert await active(app_pool, app) == first.digest


async def test_a_switch_is_told_to_whoever_listens(engines: Engines, app: TypedApp) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    connection = await asyncpg.connect(engines.database_url)
    try:
        await connection.add_listener("writ_release", lambda *it: told.put_nowait(str(it[3])))
        published = await publish_app(engines, app)
        await publish_app(engines, app)
        async with asyncio.timeout(5):
            assert json.loads(await told.get()) == {"app": app.name, "digest": published.digest}
        await connection.execute("SELECT 1")
        assert told.empty()
    finally:
        await connection.close()


async def test_a_stored_release_cannot_be_changed(engines: Engines, app: TypedApp, owner_pool: Pool) -> None:
    published = await publish_app(engines, app)
    for change in ("UPDATE writ.release SET body = '{}'", "DELETE FROM writ.release"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await owner_pool.execute(f"{change} WHERE digest = $1", published.digest)


async def test_a_refused_migration_leaves_everything_as_it_was(
    engines: Engines, app: TypedApp, owner_pool: Pool
) -> None:
    first = await publish_app(engines, app)
    await owner_pool.execute(f"INSERT INTO {app.name}.practitioner (name) VALUES ('Dr. Who')")
    broken = with_field(app, "Practitioner", field("title", Text()), field("room", Text(), optional=True))
    with pytest.raises(PublishRefused, match=r"`Practitioner\.title`: the field is new and required"):
        await publish_app(engines, broken)
    assert await stored(owner_pool, release_digest(released(broken))) is None
    assert await active(owner_pool, app) == first.digest
    columns = (
        "SELECT count(*) FROM information_schema.columns WHERE table_schema = $1 AND column_name IN ('title', 'room')"
    )
    assert await owner_pool.fetchval(columns, app.name) == 0


async def test_a_release_that_no_worker_could_load_does_not_decide(
    engines: Engines, app: TypedApp, app_pool: Pool
) -> None:
    first = await publish_app(engines, app)
    # The canonical form writes it as a whole number, which is read back as one beyond 2^53.
    schema = {"type": "object", "properties": {"x": {"type": "number", "maximum": 1.0e16}}}
    unloadable = replace(app, tools={"t": tool("t", respond({}), input_schema=schema)})
    with pytest.raises(PublishRefused, match="no worker could load this release"):
        await publish_app(engines, unloadable)
    assert await stored(app_pool, release_digest(released(unloadable))) is None
    assert await active(app_pool, app) == first.digest


async def test_concurrent_publishes_wait_for_each_other(engines: Engines, app: TypedApp) -> None:
    found = await asyncio.gather(*(publish_app(engines, app) for _ in range(3)))
    assert sorted(it.already_active for it in found) == [False, True, True]


async def test_a_long_transaction_does_not_make_publishing_hang(
    engines: Engines, app: TypedApp, owner_pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish_app(engines, app)
    monkeypatch.setitem(schema_connection._SETTINGS, "lock_timeout", "100ms")
    async with owner_pool.acquire() as connection, connection.transaction():
        await connection.execute(f"LOCK TABLE {app.name}.slot IN ROW EXCLUSIVE MODE")
        with pytest.raises(Failure, match="another transaction was in the way") as failure:
            await publish_app(engines, with_field(app, "Slot", field("room", Text(), optional=True)))
    assert failure.value.kind == "retryable"


async def test_a_user_who_owns_nothing_cannot_publish(engines: Engines, app: TypedApp) -> None:
    with pytest.raises(Failure, match="publish as the role that owns the tables") as failure:
        await publish_unjudged(engines.database_url, app)
    assert failure.value.kind == "permanent"


@pytest.mark.parametrize(
    ("url", "kind", "says"),
    [
        ("postgresql://writ_owner@/writ?host=/nowhere", "retryable", "PostgreSQL cannot be reached"),
        ("postgresql://writ_owner@127.0.0.1:1/writ", "retryable", "PostgreSQL cannot be reached"),
        ("mysql://somewhere", "permanent", "the database URL cannot be used"),
    ],
)
async def test_a_database_out_of_reach_is_a_failure(app: TypedApp, url: str, kind: str, says: str) -> None:
    with pytest.raises(Failure, match=says) as failure:
        await publish_unjudged(url, app)
    assert failure.value.kind == kind


async def test_a_database_that_does_not_exist_is_named(engines: Engines, app: TypedApp) -> None:
    url = engines.publish_database_url.replace("/writ?", "/no_such_database?")
    with pytest.raises(Failure, match="the database does not exist"):
        await publish_unjudged(url, app)
