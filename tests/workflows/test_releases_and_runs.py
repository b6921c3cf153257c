from __future__ import annotations

import asyncio
import logging

import asyncpg
import pytest

from activities.releases import Releases
from embedded.engines import Engines
from tests import diary
from tests.conftest import publish, until
from tests.workflows.conftest import Runs
from writ.registry import Registry


async def test_a_run_whose_release_is_not_there_waits_for_it(queue: Runs, engines: Engines) -> None:
    registry = Registry()
    async with Releases(engines.database_url, registry), queue.worker(registry):
        handle = await queue.start("book", {"slot": await queue.app.slot()})
        await until(lambda: queue.app.release.digest in registry.wanted)
        await queue.app.publish()
        outcome = await handle.result()
    assert outcome.outcome == "answered"
    assert len(await queue.app.appointments()) == 1


async def test_a_release_that_decides_no_more_is_loaded_when_a_run_wants_it(queue: Runs, engines: Engines) -> None:
    await queue.app.publish()
    newer = queue.app.with_tools(diary.taking(queue.app.schema))
    await newer.publish()
    registry = Registry()
    async with Releases(engines.database_url, registry) as releases, queue.worker(registry):
        assert queue.app.release.digest not in registry
        handle = await queue.start("book", {"slot": await queue.app.slot()})
        assert (await handle.result()).outcome == "answered"
        assert releases.active("diary") == newer.release.digest
    history = await handle.fetch_history()
    assert not any(event.HasField("workflow_task_failed_event_attributes") for event in history.events)


async def test_a_published_release_decides_without_a_restart(queue: Runs, engines: Engines) -> None:
    registry = Registry()
    async with Releases(engines.database_url, registry) as releases:
        changed = asyncio.Event()
        releases.on_change(changed.set)
        await queue.app.publish()
        await asyncio.wait_for(changed.wait(), 5)
        assert releases.active("diary") == queue.app.release.digest
        assert "diary" in releases.apps()


async def test_a_release_that_is_not_what_its_digest_says_is_not_loaded(queue: Runs, engines: Engines) -> None:
    forged = "sha256:" + "0" * 64
    await queue.app.owner.execute(
        "INSERT INTO writ.release (digest, app, body) VALUES ($1, 'forged', $2) ON CONFLICT DO NOTHING",
        forged,
        queue.app.plans.model_dump_json(),
    )
    await queue.app.owner.execute(
        "INSERT INTO writ.active_release (app, digest) VALUES ('forged', $1) ON CONFLICT DO NOTHING", forged
    )
    registry = Registry()
    async with Releases(engines.database_url, registry) as releases:
        assert releases.active("forged") is None
    assert forged not in registry


async def test_losing_the_connection_does_not_lose_releases(queue: Runs, engines: Engines) -> None:
    registry = Registry()
    async with Releases(engines.database_url, registry) as releases:
        superuser = await asyncpg.connect(engines.superuser_url)
        ended = await superuser.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'writ releases'"
        )
        await superuser.close()
        await queue.app.publish()
        await until(lambda: releases.active("diary") == queue.app.release.digest)
    assert len(ended) == 1


async def test_without_a_key_an_encrypted_release_is_not_loaded_and_its_older_one_decides_no_more(
    queue: Runs, engines: Engines, caplog: pytest.LogCaptureFixture
) -> None:
    registry = Registry()
    await queue.app.publish()
    caplog.set_level(logging.ERROR)
    async with Releases(engines.database_url, registry) as releases:
        assert releases.active("diary") == queue.app.release.digest
        wanted = await publish(queue.app.owner, queue.app.plans.model_copy(update={"encrypted_history": True}))
        await until(lambda: releases.active("diary") is None)
        assert wanted not in registry
    assert "`diary` keeps its histories encrypted and there is no key: set `WRIT_HISTORY_KEYS`" in caplog.text
    async with Releases(engines.database_url, registry, encrypts=True) as releases:
        assert releases.active("diary") == wanted
