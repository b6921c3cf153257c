"""How a "no" is written over HTTP: problem details for HTTP APIs (RFC 9457), `application/problem+json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"

# As RFC 9110 has them; Python names these two so only since 3.13.
_NAMES = {413: "Content Too Large", 422: "Unprocessable Content"}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    run: str | None = None,
    errors: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem response. `code` is stable; `errors` pairs JSON pointers into the input with what is wrong there."""
    content: dict[str, Any] = {
        "type": f"urn:writ:problem:{code}",
        "title": title(status),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if run is not None:
        content["run"] = run
    if errors:
        content["errors"] = [{"pointer": pointer, "message": message} for pointer, message in errors]
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(body, status, {**(headers or {}), **_run_header(run)}, MEDIA_TYPE)


def title(status: int) -> str:
    """The name HTTP gives a status (`Not Found`)."""
    try:
        return _NAMES.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return "Refused" if status < 500 else "Failed"


def _run_header(run: str | None) -> dict[str, str]:
    return {} if run is None else {"Writ-Run": run}
