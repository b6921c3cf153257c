"""What the API answers when a run was answered or goes on. Every "no" is in `api.refusals`."""

from __future__ import annotations

import json

from starlette.responses import Response

from writ.values.wire import Json

Headers = dict[str, str]


def run_address(run: str) -> str:
    """Where to ask for a run."""
    return f"/v1/runs/{run}"


def call_headers(run: str, release: str, *, replayed: bool = False) -> Headers:
    """What every answer to a call says of its run."""
    headers = {"Writ-Run": run, "Writ-Release": release}
    return {**headers, "Idempotent-Replayed": "true"} if replayed else headers


def answered(response: Json, headers: Headers) -> Response:
    """The answer of a run."""
    return json_response(response, 200, headers)


def accepted(run: str, headers: Headers) -> Response:
    """The run was started and is not waited for."""
    more = {"Location": run_address(run), "Preference-Applied": "respond-async"}
    return json_response({"id": run, "status": "running"}, 202, {**headers, **more})


def json_response(value: Json, status: int = 200, headers: Headers | None = None) -> Response:
    """A JSON response in UTF-8."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return Response(body, status, headers, "application/json")
