"""Engines that start, are found and are used."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import Client

from embedded.engines import AlreadyRunning, EngineFailed, Supervised, find, start, stop
from embedded.postgres_server import socket_folder
from embedded.process import mark
from embedded.temporal_server import RETENTION_DAYS, SEARCH_ATTRIBUTES
from tests.embedded.conftest import Supervisor

NOBODY = 65534


async def answer(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_both_roles_have_the_rights_they_need_and_no_others(engines: Supervised) -> None:
    connection = await asyncpg.connect(engines.superuser_url)
    try:
        roles = await connection.fetch(
            "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
            " FROM pg_roles WHERE rolname LIKE 'writ%' ORDER BY 1"
        )
    finally:
        await connection.close()
    assert [tuple(role) for role in roles] == [
        ("writ_app", True, False, False, False, False, False),
        ("writ_owner", True, False, False, False, False, False),
    ]


async def test_each_url_signs_in_as_its_role(engines: Supervised) -> None:
    assert await answer(engines.database_url, "SELECT current_user::text") == "writ_app"
    assert await answer(engines.publish_database_url, "SELECT current_user::text") == "writ_owner"
    assert await answer(engines.superuser_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is True


async def test_the_owner_makes_schemas_and_the_application_does_not(engines: Supervised) -> None:
    await answer(engines.publish_database_url, "CREATE SCHEMA owned")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await answer(engines.database_url, "CREATE SCHEMA stolen")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await answer(engines.database_url, "CREATE TEMPORARY TABLE stolen ()")


async def test_the_database_is_durable_sorts_by_code_point_and_is_not_on_the_network(engines: Supervised) -> None:
    assert await answer(engines.database_url, "SHOW fsync") == "on"
    assert await answer(engines.database_url, "SHOW listen_addresses") == ""
    assert await answer(engines.database_url, "SELECT array_agg(w ORDER BY w) FROM unnest('{b,ä,B,a}'::text[]) w") == [
        "B",
        "a",
        "b",
        "ä",
    ]


async def test_the_namespace_keeps_runs_and_knows_our_search_attributes(engines: Supervised) -> None:
    client = await Client.connect(engines.temporal_address)
    assert await search_attributes(client) >= set(SEARCH_ATTRIBUTES)
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest

    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
    assert described.config.workflow_execution_retention_ttl.seconds == RETENTION_DAYS * 86_400


async def search_attributes(client: Client) -> set[str]:
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest

    request = ListSearchAttributesRequest(namespace=client.namespace)
    return set((await client.operator_service.list_search_attributes(request)).custom_attributes)


def test_they_are_found_from_the_folder_alone(engines: Supervised) -> None:
    found = find(engines_folder(engines))
    assert found is not None
    assert (found.database_url, found.temporal_address) == (engines.database_url, engines.temporal_address)
    assert found.supervisor_pid == os.getpid()


def test_a_second_start_says_that_they_run_already_and_where(engines: Supervised) -> None:
    with pytest.raises(AlreadyRunning, match="run already") as refused:
        start(engines_folder(engines))
    assert refused.value.engines.temporal_address == engines.temporal_address
    assert find(engines_folder(engines)) is not None


def engines_folder(engines: Supervised) -> Path:
    """The folder is in the socket's place: `<folder>/socket`."""
    return Path(engines.database_url.partition("host=")[2].partition("&")[0]).parent


def test_only_what_is_asked_for_is_started(folder: Path) -> None:
    with start(folder, temporal=False) as engines:
        assert list(engines.pids) == ["postgres"]
        assert engines.ui_url is None
        with pytest.raises(EngineFailed, match="was not started"):
            _ = engines.temporal_address
    with start(folder, postgres=False) as engines:
        assert list(engines.pids) == ["temporal"]
        with pytest.raises(EngineFailed, match="was not started"):
            _ = engines.database_url


async def test_data_of_both_engines_outlives_a_restart(folder: Path) -> None:
    with await asyncio.to_thread(start, folder, ui=False) as engines:
        await answer(engines.publish_database_url, "CREATE SCHEMA kept")
        client = await Client.connect(engines.temporal_address)
        await client.start_workflow("nobody.works", id="kept", task_queue="none")
    with await asyncio.to_thread(start, folder, ui=False) as engines:
        assert await answer(engines.publish_database_url, "SELECT to_regnamespace('kept') IS NOT NULL") is True
        client = await Client.connect(engines.temporal_address)
        assert (await client.get_workflow_handle("kept").describe()).id == "kept"
    assert find(folder) is None


async def test_a_database_file_without_our_search_attributes_gets_them(folder: Path) -> None:
    with start(folder, postgres=False, ui=False) as engines:
        from temporalio.api.operatorservice.v1 import RemoveSearchAttributesRequest

        client = await Client.connect(engines.temporal_address)
        request = RemoveSearchAttributesRequest(namespace="default", search_attributes=["WritApp"])
        await client.operator_service.remove_search_attributes(request)
        assert "WritApp" not in await search_attributes(client)
    with start(folder, postgres=False, ui=False) as engines:
        assert "WritApp" in await search_attributes(await Client.connect(engines.temporal_address))


async def test_two_checkouts_side_by_side_do_not_disturb_each_other(
    folder: Path, engines: Supervised, supervise: Callable[..., Supervisor]
) -> None:
    other = supervise(folder)
    other.engines()
    found = find(folder)
    assert found is not None
    assert found.temporal_address != engines.temporal_address
    assert found.database_url != engines.database_url
    assert stop(folder)
    assert await answer(engines.database_url, "SELECT 1") == 1
    assert find(engines_folder(engines)) is not None


def test_free_ports_are_taken_when_the_usual_ones_are_not_free(folder: Path) -> None:
    with socket.socket() as first, socket.socket() as second:
        for each, port in ((first, 7233), (second, 8233)):
            try:
                each.bind(("127.0.0.1", port))
                each.listen()
            except OSError:
                pass  # taken by somebody else: just as good
        with start(folder, postgres=False) as engines:
            assert not engines.temporal_address.endswith(":7233")
            assert engines.ui_url is not None
            assert not engines.ui_url.endswith(":8233")


@pytest.mark.parametrize("name", ['a name, 100% "strange" & long', "deep/" + "/".join(["folder" * 5] * 4)])
def test_any_folder_will_do(folder: Path, name: str) -> None:
    place = folder / name
    with start(place, temporal=False) as engines:
        assert asyncio.run(answer(engines.database_url, "SELECT current_user::text")) == "writ_app"
        sockets = socket_folder(place)
        assert sockets.parent == Path(tempfile.gettempdir())
        assert os.listdir(sockets)
    assert not os.path.lexists(sockets)


def test_engines_started_from_a_thread_outlive_it(folder: Path) -> None:
    engines = asyncio.run(asyncio.to_thread(start, folder, ui=False))
    try:
        assert all(mark(pid) is not None for pid in engines.pids.values())
        found = find(folder)
        assert found is not None
        assert asyncio.run(answer(engines.database_url, "SELECT 1")) == 1
    finally:
        engines.stop()
    engines.stop()
    assert find(folder) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="the whole suite runs as such a user")
async def test_a_user_who_is_not_root_can_start_them(folder: Path, supervise: Callable[..., Supervisor]) -> None:
    give_away(folder)
    supervise(folder, uid=NOBODY).engines()
    found = find(folder)
    assert found is not None
    assert await answer(found.database_url, "SELECT 1") == 1
    assert stop(folder)


def give_away(folder: Path) -> None:
    folder.mkdir()
    folder.parent.chmod(0o755)
    os.chown(folder, NOBODY, NOBODY)
