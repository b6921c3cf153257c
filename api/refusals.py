"""What the API answers on every "no": the only map from a refusal, a failure or a bug to HTTP."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.problem_json import problem
from writ.effects import Failure, FailureKind, Outcome, Refusal

_log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Known:
    """What a "no" of the API itself says."""

    status: int
    message: str


DOOR: Mapping[str, Known] = {
    "unauthenticated": Known(401, "A valid bearer token is needed."),
    "not_found": Known(404, "There is no such thing, or it is not yours to see."),
    "method_not_allowed": Known(405, "This address does not take this method."),
    "not_json": Known(400, "The body is not JSON."),
    "duplicate_key": Known(400, "The body holds an object with the same key twice."),
    "nested_too_deep": Known(400, "The body is nested too deeply."),
    "body_not_taken": Known(400, "This method takes its input from the query and no body."),
    "malformed_address": Known(400, "The address is not percent-encoded UTF-8."),
    "malformed_idempotency_key": Known(400, "`Idempotency-Key` must be 1 to 255 visible ASCII characters, given once."),
    "body_incomplete": Known(400, "The body ended before it was complete."),
    "body_too_large": Known(413, "The body is too large."),
    "unsupported_media_type": Known(415, "The body must be `application/json` in UTF-8, without content encoding."),
    "invalid_input": Known(422, "The input does not fit what this tool takes."),
    "idempotency_key_reused": Known(422, "This `Idempotency-Key` was used before with another input."),
    "answer_expired": Known(410, "The run was answered, and its answer is not kept any longer."),
    "answer_not_ready": Known(504, "The run goes on, but did not end in the time a caller can wait; ask for it later."),
    "run_waits": Known(503, "The run goes on as soon as what it needs can be reached again; ask for it later."),
    "start_unknown": Known(503, "It could not be told whether the run was started; ask for it later."),
    "unavailable": Known(503, "Something this needs cannot be reached at the moment; try again."),
    "no_release": Known(503, "No release is active here yet; try again."),
    "bug": Known(500, "Something went wrong inside. It was not your input."),
}
"""Every "no" the API makes by itself, by its code."""

_FAILED: Mapping[FailureKind, tuple[int, str]] = {
    "retryable": (503, "Something this run needs could not be reached; nothing was kept, try again."),
    "permanent": (502, "Something this run needs answered in a way that cannot be mended by trying again."),
    "unknown": (504, "It could not be told whether something this run asked for has happened."),
}
_HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 415: "unsupported_media_type"}


class DoorRefused(Exception):
    """The API itself says no. `code` is in `DOOR`; `detail` says more than the table where that helps."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: tuple[tuple[str, str], ...] = (),
        headers: Mapping[str, str] | None = None,
        run: str | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}
        self.run = run


def door_refused(refused: DoorRefused) -> Response:
    """The response to a "no" of the API itself."""
    known = DOOR[refused.code]
    headers = {**refused.headers, **_retry_after(known.status)}
    if known.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    detail = refused.detail or known.message
    return problem(known.status, refused.code, detail, run=refused.run, errors=refused.errors, headers=headers)


def refused(refusal: Refusal, run: str, headers: Mapping[str, str] | None = None) -> Response:
    """The response to a governed refusal of a run."""
    return problem(refusal.status, refusal.code, refusal.message, run=run, errors=refusal.pointers, headers=headers)


def failed(kind: FailureKind, run: str | None, headers: Mapping[str, str] | None = None) -> Response:
    """The response to a failure. What exactly broke is for the operator, who finds it by the run's id."""
    status, detail = _FAILED[kind]
    return problem(status, f"failed_{kind}", detail, run=run, headers={**(headers or {}), **_retry_after(status)})


def run_failed(outcome: Outcome, run: str, headers: Mapping[str, str] | None = None) -> Response:
    """The response to a run that failed, by a failure or by a bug."""
    if outcome.failure_kind is None or outcome.failure_kind == "bug":
        return bug(run, headers)
    return failed(outcome.failure_kind, run, headers)


def bug(run: str | None, headers: Mapping[str, str] | None = None) -> Response:
    """The response when an invariant of ours broke."""
    known = DOOR["bug"]
    return problem(known.status, "bug", known.message, run=run, headers=headers)


def install(app: FastAPI) -> None:
    """Have every "no" of the application, FastAPI's own ones too, rendered here."""
    handlers: dict[type[Exception], Any] = {
        DoorRefused: _on_door_refused,
        Failure: _on_failure,
        HTTPException: _on_http_exception,
        RequestValidationError: _on_validation_error,
        Exception: _on_bug,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _on_door_refused(_: Request, error: DoorRefused) -> Response:
    return door_refused(error)


async def _on_failure(request: Request, error: Failure) -> Response:
    _log.warning("%s %s failed: %s", request.method, _path(request), error.message)
    if error.kind == "retryable":
        return door_refused(DoorRefused("unavailable"))
    return failed(error.kind, None)


async def _on_http_exception(_: Request, error: HTTPException) -> Response:
    code = _HTTP_CODES.get(error.status_code, f"http_{error.status_code}")
    known = DOOR.get(code)
    detail = known.message if known else str(error.detail)
    return problem(error.status_code, code, detail, headers=error.headers)


async def _on_validation_error(_: Request, error: RequestValidationError) -> Response:
    errors = tuple((_pointer(each["loc"]), str(each["msg"]).lower()) for each in error.errors())
    return door_refused(DoorRefused("invalid_input", errors=errors))


async def _on_bug(request: Request, error: Exception) -> Response:
    _log.error("%s %s broke", request.method, _path(request), exc_info=error)
    return bug(None)


def _path(request: Request) -> str:
    """The path as it was sent: decoded, it could forge a line of the log."""
    return bytes(request.scope.get("raw_path") or b"").decode("ascii", "backslashreplace")


def _pointer(location: tuple[int | str, ...]) -> str:
    return "".join(f"/{part}" for part in location[1:])


def _retry_after(status: int) -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_SECONDS)} if status in (502, 503, 504) else {}
