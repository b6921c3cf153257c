from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import refusals
from api.refusals import DOOR, DoorRefused
from tests.api.conftest import served
from writ.effects import Failure, Outcome, Refusal


def content(response: Response) -> dict[str, object]:
    found: dict[str, object] = json.loads(bytes(response.body))
    return found


@pytest.mark.parametrize(("kind", "status"), [("retryable", 503), ("permanent", 502), ("unknown", 504), ("bug", 500)])
def test_a_failed_run_has_the_status_of_its_kind_and_its_id(kind: str, status: int) -> None:
    outcome = Outcome.model_validate({"outcome": "failed", "failure": "host db-1 is away", "failure_kind": kind})
    response = refusals.run_failed(outcome, "run-1")
    assert (response.status_code, content(response)["run"]) == (status, "run-1")
    assert ("retry-after" in response.headers) == (kind != "bug")
    assert "db-1" not in bytes(response.body).decode()


def test_a_refusal_keeps_its_code_status_sentence_and_pointers() -> None:
    refusal = Refusal(code="invalid_input", status=422, message="No.", source="validate", pointers=(("/a", "is b"),))
    response = refusals.refused(refusal, "run-1")
    assert response.media_type == "application/problem+json"
    assert response.headers["writ-run"] == "run-1"
    assert content(response) == {
        "type": "urn:writ:problem:invalid_input",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "No.",
        "code": "invalid_input",
        "run": "run-1",
        "errors": [{"pointer": "/a", "message": "is b"}],
    }


@pytest.mark.parametrize("code", DOOR)
def test_every_no_of_the_api_itself_can_be_said(code: str) -> None:
    response = refusals.door_refused(DoorRefused(code))
    assert response.status_code == DOOR[code].status
    assert content(response)["detail"] == DOOR[code].message


@pytest.fixture
async def broken() -> AsyncIterator[httpx.AsyncClient]:
    """An application in which everything breaks, each address in its way."""
    app = FastAPI()
    refusals.install(app)

    @app.get("/http")
    async def http() -> None:
        raise HTTPException(418, "a teapot")

    @app.get("/failure{rest:path}")
    async def failure() -> None:
        raise Failure("retryable", "host db-1 is away")

    @app.get("/bug")
    async def bug() -> None:
        raise RuntimeError("a secret")

    @app.get("/number")
    async def number(value: int) -> int:
        return value

    async with served(app) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


async def test_a_log_line_cannot_be_forged(broken: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        answer = await broken.get("/failure%1b%5b31mforged", headers={"Host": "["})
    assert answer.status_code == 503
    [line] = [record.getMessage() for record in caplog.records if record.name == "api.refusals"]
    assert line.isprintable()


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/http", 418, "http_418"),
        ("/failure", 503, "unavailable"),
        ("/bug", 500, "bug"),
        ("/number?value=x", 422, "invalid_input"),
        ("/nothing", 404, "not_found"),
    ],
)
async def test_the_frameworks_own_errors_look_the_same(
    broken: httpx.AsyncClient, path: str, status: int, code: str
) -> None:
    answer = await broken.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert "db-1" not in answer.text
