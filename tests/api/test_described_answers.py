"""What the description promises, every answer keeps: whatever is sent, over real HTTP, to an API of the clinic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from temporalio.client import Client

from activities.postgres import Pool
from activities.publish import publish
from api.app import create_app
from api.auth import TokenVerifier
from embedded.engines import Engines
from tests.api.conftest import Api, Fixed, served, settings_for
from tests.clinic import SPECS
from tests.conftest import Diary
from worker import make_worker
from writ.check import check_app
from writ.plan.compile import compile_app
from writ.plan.model import Release
from writ.plan.release import release_digest
from writ.program import load
from writ.registry import Registry

APP = "clinic_described"
ROLES = ("patient", "reception", "practitioner", "auditor")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MODES = {"fitting": schemathesis.GenerationMode.POSITIVE, "unfitting": schemathesis.GenerationMode.NEGATIVE}
EXPECTED = {"fitting": {"200", "not_found"}, "unfitting": {"invalid_input"}}


async def published(owner_url: str) -> Release:
    """The clinic under a name and with tables of its own, so that what is made up here meets no other test."""
    files = {str(path.relative_to(SPECS.parent)): path.read_bytes() for path in sorted(SPECS.rglob("*.yaml"))}
    renamed = {path: text.replace(b"app: clinic\n", f"app: {APP}\n".encode()) for path, text in files.items()}
    checked = check_app(renamed, APP)
    assert checked.app is not None, checked.problems
    release = compile_app(checked.app)
    assert isinstance(release, Release), release
    await publish(owner_url, checked.app, release, files=renamed, published_by="tests")
    return release


@pytest.fixture(scope="module")
async def clinic_api(engines: Engines, temporal_client: Client, app_pool: Pool, owner_pool: Pool) -> AsyncIterator[Api]:
    release = await published(engines.publish_database_url)
    loaded = load(release, release_digest(release))
    registry = Registry()
    registry.add(loaded.digest, loaded)
    settings = settings_for("test-described")
    made = create_app(
        settings=settings,
        client=temporal_client,
        pool=app_pool,
        releases=Fixed({APP: loaded.digest}),
        registry=registry,
        verifier=TokenVerifier.from_settings(settings),
    )
    async with (
        make_worker(temporal_client, settings.task_queue, app_pool, registry),
        served(made) as url,
        httpx.AsyncClient(base_url=url, timeout=30) as http,
    ):
        yield Api(http, settings, Diary(APP, release, loaded, owner_pool), app_pool, temporal_client, made)
    await owner_pool.execute(f"DELETE FROM writ.active_release WHERE app = '{APP}'; DROP SCHEMA {APP} CASCADE")


def hold(operation: Any, mode: Any, api: Api) -> set[str]:
    """Send made-up requests to one operation and check each answer; what was seen, a "no" by its code."""
    seen: set[str] = set()

    @examples(
        max_examples=3,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        headers = {"Authorization": f"Bearer {api.token('ann', *ROLES)}"}
        answer = case.call(base_url=str(api.http.base_url), headers=headers)
        seen.add(answer.json()["code"] if answer.status_code >= 400 else str(answer.status_code))
        case.validate_response(answer, checks=CHECKS)

    with suppress(Unsatisfiable):  # an address that takes nothing can be given nothing wrong
        holds()
    return seen


@pytest.mark.parametrize("mode", MODES)
async def test_every_answer_is_as_described(clinic_api: Api, mode: str) -> None:
    schema = schemathesis.openapi.from_dict((await clinic_api.http.get("/openapi.json")).json())
    seen: dict[str, set[str]] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        seen[operation.label] = await asyncio.to_thread(hold, operation, MODES[mode], clinic_api)
    assert EXPECTED[mode] <= set().union(*seen.values()), seen
