"""Nothing that the safety engine does not let pass is ever published, whatever is handed to `publish`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from activities.postgres import Pool
from activities.publish import Published, PublishRefused, publish
from activities.release_sources import read_sources
from activities.releases import Releases, Unchecked, read_release
from embedded.engines import Engines
from tests import shelf
from tests.unjudged import released
from writ.nodes.typed import TypedApp
from writ.plan.compile import compile_app
from writ.plan.model import AcknowledgedFinding, Release, ReleaseCheck
from writ.plan.release import release_digest
from writ.registry import Registry


@pytest.fixture
async def name(owner_pool: Pool) -> AsyncIterator[str]:
    """The name of an app that is gone afterwards."""
    found = f"shelf_{uuid4().hex[:10]}"
    yield found
    await owner_pool.execute(f"DROP SCHEMA IF EXISTS {found} CASCADE")
    await owner_pool.execute("DELETE FROM writ.active_release WHERE app = $1", found)


def compiled(files: shelf.Files) -> tuple[TypedApp, Release]:
    app = shelf.typed(files)
    release = compile_app(app, today=shelf.today())
    assert isinstance(release, Release), release
    return app, release


async def publish_files(engines: Engines, files: shelf.Files, app: TypedApp, release: Release) -> Published:
    return await publish(engines.publish_database_url, app, release, files=files, published_by="ann")


async def refused(engines: Engines, files: shelf.Files, app: TypedApp, release: Release) -> str:
    """Why it was refused; nothing is stored and nothing decides."""
    with pytest.raises(PublishRefused) as caught:
        await publish_files(engines, files, app, release)
    connection = await asyncpg.connect(engines.publish_database_url)
    assert await connection.fetchval("SELECT count(*) FROM writ.release WHERE app = $1", app.name) == 0
    assert await connection.fetchval("SELECT count(*) FROM writ.active_release WHERE app = $1", app.name) == 0
    await connection.close()
    return str(caught.value)


async def publications(pool: Pool, app: str) -> list[asyncpg.Record]:
    return list(await pool.fetch("SELECT * FROM writ.publication WHERE app = $1 ORDER BY number", app))


async def test_a_green_app_is_published_with_its_texts(engines: Engines, name: str, owner_pool: Pool) -> None:
    files = shelf.green(name)
    published = await publish_files(engines, files, *compiled(files))
    texts = await read_sources(engines.publish_database_url, published.digest)
    assert texts == {path.removeprefix(f"specs/{name}/"): text.decode() for path, text in files.items()}
    [one] = await publications(owner_pool, name)
    assert (one["digest"], one["by"], json.loads(one["acknowledged"])) == (published.digest, "ann", [])


async def test_publishing_the_same_again_is_no_other_publication(engines: Engines, name: str, owner_pool: Pool) -> None:
    files = shelf.green(name)
    for _ in range(2):
        await publish_files(engines, files, *compiled(files))
    assert len(await publications(owner_pool, name)) == 1


async def test_what_was_acknowledged_is_written_down(engines: Engines, name: str, owner_pool: Pool) -> None:
    files = shelf.acknowledged(shelf.yellow(name))
    app, release = compiled(files)
    await publish_files(engines, files, app, release)
    [one] = await publications(owner_pool, name)
    assert json.loads(one["acknowledged"]) == [
        {
            "rule": "ORG001",
            "fingerprint": shelf.finding(shelf.yellow(name)).fingerprint,
            "path": f"{name}.find_book",
            "reason": "Looked at it.",
            "by": "anna@example.org",
            "until": shelf.days_from_now(30),
        }
    ]


async def test_texts_of_a_release_that_is_not_there_are_none(engines: Engines) -> None:
    assert await read_sources(engines.publish_database_url, "sha256:" + "0" * 64) is None


NOT_DEPLOYABLE: dict[str, tuple[Callable[[str], shelf.Files], str]] = {
    "red": (shelf.red, "nothing overrides red"),
    "yellow": (shelf.yellow, "nobody has acknowledged it"),
    "red, acknowledged": (lambda name: shelf.acknowledged(shelf.red(name)), "ACK003"),
    "expired": (lambda name: shelf.acknowledged(shelf.yellow(name), until=shelf.days_from_now(-1)), "ACK002"),
}


@pytest.mark.parametrize("kind", NOT_DEPLOYABLE)
async def test_an_app_that_is_not_deployable_is_refused_with_the_findings(
    engines: Engines, name: str, kind: str
) -> None:
    files_of, says = NOT_DEPLOYABLE[kind]
    files = files_of(name)
    app = shelf.typed(files)
    told = await refused(engines, files, app, released(app))
    assert says in told
    assert "specs/" in told


async def test_a_release_that_says_green_of_what_is_red_is_refused(engines: Engines, name: str) -> None:
    files = shelf.red(name)
    _, honest = compiled(shelf.green(name))
    forged = released(shelf.typed(files)).model_copy(update={"check": honest.check})
    assert "nothing overrides red" in await refused(engines, files, shelf.typed(files), forged)


async def test_the_files_of_a_green_app_publish_no_red_one(engines: Engines, name: str) -> None:
    app = shelf.typed(shelf.red(name))
    assert "the files are not those" in await refused(engines, shelf.green(name), app, released(app))


async def test_a_red_app_is_not_published_under_the_name_of_a_green_one(engines: Engines, name: str) -> None:
    files = shelf.green(name)
    _, release = compiled(files)
    forged = release.model_copy(update={"description": "something else"})
    assert "was not compiled from this app" in await refused(engines, files, shelf.typed(files), forged)


async def test_a_plan_changed_by_hand_is_refused(engines: Engines, name: str) -> None:
    files = shelf.green(name)
    app, release = compiled(files)
    open_to_all = release.tools["find_book"].model_copy(update={"allow": {"reader": "all", "stranger": "all"}})
    forged = release.model_copy(update={"tools": {"find_book": open_to_all}})
    assert "was not compiled from this app" in await refused(engines, files, app, forged)


@pytest.mark.parametrize(
    "check",
    [
        ReleaseCheck(colour="green", catalogue="sha256:" + "0" * 64),
        ReleaseCheck(
            colour="yellow",
            catalogue="x",
            acknowledged=(
                AcknowledgedFinding(rule="A", fingerprint="0", path="x", reason="x", by="x", until="2999-01-01"),
            ),
        ),
    ],
    ids=["another catalogue", "something acknowledged that was not found"],
)
async def test_a_check_changed_by_hand_is_refused(engines: Engines, name: str, check: ReleaseCheck) -> None:
    files = shelf.green(name)
    app, release = compiled(files)
    told = await refused(engines, files, app, release.model_copy(update={"check": check}))
    assert "says of its check what the safety engine does not say" in told


async def test_another_reason_than_the_one_that_was_given_is_refused(engines: Engines, name: str) -> None:
    files = shelf.acknowledged(shelf.yellow(name))
    app, release = compiled(files)
    [one] = release.check.acknowledged
    forged = release.check.model_copy(update={"acknowledged": (one.model_copy(update={"by": "somebody else"}),)})
    assert "its check" in await refused(engines, files, app, release.model_copy(update={"check": forged}))


async def test_an_app_put_together_by_hand_is_refused(engines: Engines, name: str) -> None:
    files = shelf.green(name)
    app, release = compiled(files)
    by_hand = replace(app, tools={"find_book": replace(app.tools["find_book"], conceal=True)})
    assert "the files are not those" in await refused(engines, files, by_hand, release)


@pytest.mark.parametrize("files", [{}, {"app.yaml": b"app: ["}, {"app.yaml": b"\xff"}], ids=["none", "broken", "bytes"])
async def test_files_that_are_no_app_are_refused(engines: Engines, name: str, files: shelf.Files) -> None:
    app, release = compiled(shelf.green(name))
    assert await refused(engines, files, app, release)


@pytest.mark.parametrize("table", ["publication", "release_source"])
@pytest.mark.parametrize("statement", ["DELETE FROM writ.{0}", "TRUNCATE writ.{0}", "UPDATE writ.{0} SET digest = ''"])
async def test_what_was_published_cannot_be_unsaid(engines: Engines, name: str, table: str, statement: str) -> None:
    files = shelf.green(name)
    await publish_files(engines, files, *compiled(files))
    for url in (engines.publish_database_url, engines.superuser_url):
        connection = await asyncpg.connect(url)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement.format(table))
        await connection.close()


async def inserted(engines: Engines, app: str, check: object) -> str:
    """A release put into the tables as superuser, active and under its right digest; `check` None: without one."""
    from writ.digest import digest

    body = released(shelf.typed(shelf.red(app))).model_dump(mode="json")
    body = {key: value for key, value in body.items() if key != "check"} | ({"check": check} if check else {})
    connection = await asyncpg.connect(engines.superuser_url, database="writ")
    await connection.execute(
        "INSERT INTO writ.release (digest, app, body) VALUES ($1, $2, $3)", digest(body), app, json.dumps(body)
    )
    await connection.execute("INSERT INTO writ.active_release (app, digest) VALUES ($1, $2)", app, digest(body))
    await connection.close()
    return digest(body)


UNDEPLOYABLE_CHECKS: dict[str, object] = {
    "missing": None,
    "red": {"colour": "red", "catalogue": "sha256:x", "acknowledged": []},
    "yellow and nothing acknowledged": {"colour": "yellow", "catalogue": "sha256:x", "acknowledged": []},
    "without a catalogue": {"colour": "green", "acknowledged": []},
}


@pytest.mark.parametrize("kind", UNDEPLOYABLE_CHECKS)
async def test_a_release_put_into_the_tables_by_hand_is_loaded_by_no_worker(
    engines: Engines, name: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    digest = await inserted(engines, name, UNDEPLOYABLE_CHECKS[kind])
    registry = Registry()
    async with Releases(engines.database_url, registry) as releases:
        assert digest not in registry
        assert releases.active(name) is None
    assert f"release `{digest}` is not loaded: it does not say that the safety engine let it pass" in caplog.text


def test_a_release_that_says_it_is_red_cannot_be_read() -> None:
    _, release = compiled(shelf.green())
    body = release.model_dump(mode="json") | {"check": {"colour": "red", "catalogue": "x", "acknowledged": []}}
    with pytest.raises(Unchecked, match="publish its app again"):
        read_release(json.dumps(body), release_digest(release))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO writ.release (digest, app, body) VALUES ('sha256:' || repeat('0', 64), 'shelf', '{}')",
        "INSERT INTO writ.active_release (app, digest) VALUES ('shelf', 'sha256:' || repeat('0', 64))",
        "UPDATE writ.active_release SET digest = digest",
        "INSERT INTO writ.publication (digest, app, by, acknowledged) VALUES ('x', 'shelf', 'ann', '[]')",
        "INSERT INTO writ.release_source (digest, texts) VALUES ('x', '')",
    ],
)
async def test_the_role_of_api_and_workers_can_publish_nothing(app_pool: Pool, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_pool.execute(statement)


def narrowed(files: shelf.Files, version: str = "") -> shelf.Files:
    """The app whose tool no longer answers with the title; with a version, said to be another contract."""
    path = next(path for path in files if path.endswith("find_book.yaml"))
    text = files[path].decode().replace("title: {type: string", "name: {type: string").replace("[title]", "[name]")
    text = text.replace("{title: book.title}", "{name: book.title}").replace("allow:", f"{version}allow:")
    return {**files, path: text.encode()}


async def test_a_change_that_breaks_callers_is_not_published_unsaid(
    engines: Engines, name: str, owner_pool: Pool
) -> None:
    files = shelf.green(name)
    first = await publish_files(engines, files, *compiled(files))
    broken = narrowed(files)
    with pytest.raises(PublishRefused, match="TYP007 is yellow, nobody has acknowledged it"):
        await publish_files(engines, broken, *compiled(broken))
    active = await owner_pool.fetchval("SELECT digest FROM writ.active_release WHERE app = $1", name)
    assert active == first.digest


async def test_a_change_that_says_it_is_another_version_is_published(engines: Engines, name: str) -> None:
    files = shelf.green(name)
    await publish_files(engines, files, *compiled(files))
    second = narrowed(files, version="version: 2\n")
    published = await publish_files(engines, second, *compiled(second))
    assert not published.already_active
