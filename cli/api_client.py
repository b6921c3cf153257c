"""Our own API over HTTP, as any other caller uses it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import httpx

from cli.endings import CannotGoOn, Misused
from cli.terminal import progress

_PATIENCE_SECONDS = 60.0
_ASK_AGAIN_SECONDS = 0.5
_GOES_ON = ("answer_not_ready", "run_waits")
_ACCEPTED = 202
_TOKEN_LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the API answered. `run` is the run's id where there was one."""

    status: int
    content: Any
    run: str | None

    @property
    def is_problem(self) -> bool:
        """Whether it is a "no"."""
        return self.status >= 400

    @property
    def code(self) -> str | None:
        """Which "no" it is, such as `forbidden`."""
        return self.content.get("code") if isinstance(self.content, Mapping) else None

    @property
    def outcome(self) -> Literal["answered", "refused", "failed", "running"]:
        """How the call ended, or that its run goes on."""
        if self.status == _ACCEPTED or (self.run is not None and self.code in _GOES_ON):
            return "running"
        if not self.is_problem:
            return "answered"
        return "failed" if self.status >= 500 else "refused"


class ApiClient:
    """Calls the API at `url` with `token`; CannotGoOn when nobody answers there."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(
            timeout=_PATIENCE_SECONDS, trust_env=False, headers={"Authorization": f"Bearer {token}"}
        )

    def __enter__(self) -> ApiClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def call(self, tool: str, input: Any, *, key: str | None = None, wait: bool = True) -> Reply:
        """Start a run of `app.tool`, and with `wait` wait for how it ends, however long it takes."""
        headers = {"Idempotency-Key": key} if key else {}
        if not wait:
            headers["Prefer"] = "respond-async"
        reply = self.request("POST", f"/v1/tools/{tool}", json=input, headers=headers)
        if wait and reply.run is not None and reply.code in _GOES_ON:
            return self._wait_for(reply.run)
        return reply

    def request(self, method: str, path: str, **options: Any) -> Reply:
        """One request."""
        try:
            response = self._http.request(method, self.url + path, **options)
        except httpx.InvalidURL as error:
            raise Misused(f"`{self.url}` is not the URL of an API") from error
        except httpx.UnsupportedProtocol as error:
            raise Misused(f"`{self.url}` is not the URL of an API", "it begins with `http://` or `https://`") from error
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
            raise CannotGoOn(f"no API answers at {self.url}: {reason}", "`writ dev` starts one") from error
        return Reply(response.status_code, _content(response), response.headers.get("Writ-Run"))

    def _wait_for(self, run: str) -> Reply:
        with progress(f"run {run} goes on; waiting for it"):
            while True:
                reply = self.request("GET", f"/v1/runs/{run}")
                if reply.is_problem or reply.content["status"] != "running":
                    return _as_if_answered(reply, run)
                time.sleep(_ASK_AGAIN_SECONDS)


def given_input(text: str | None, pairs: list[str]) -> Any:
    """The input from `--input` (JSON, `@file`, `-`) and from `name=text` and `name:=JSON`, which add to it; Misused."""
    value = _parsed(_loaded(text), "the input") if text is not None else {}
    if not pairs:
        return value
    if not isinstance(value, dict):
        raise Misused("values by name can only be added to an object", "leave out `--input`, or the values")
    return {**value, **dict(_pair(each) for each in pairs)}


def given_token(token: str | None, subject: str, roles: list[str]) -> str:
    """The token as it was given (or `@file`, `-`), else a short development token for `subject` with `roles`."""
    if token is not None:
        return _loaded(token).strip()
    from cli.development_key import mint

    return mint(subject, roles, _TOKEN_LIFETIME)


def problem_lines(content: Any) -> list[str]:
    """What a "no" says, for people: the sentence, then each place in the input with what is wrong there."""
    if not isinstance(content, Mapping):
        return [str(content)]
    lines = [f"{content.get('status', '')} {content.get('code', '')}: {content.get('detail', '')}".strip()]
    for each in content.get("errors", []):
        lines.append(f"  {each['pointer'] or 'the input'}: {each['message']}")
    return lines


def _as_if_answered(reply: Reply, run: str) -> Reply:
    """What the call would have answered, from what is told of its run."""
    if reply.is_problem:
        return reply
    told = reply.content
    if told["status"] == "answered":
        return Reply(200, told.get("response"), run)
    refusal = told.get("refusal") or {"status": 502, "code": "failed", "message": "The run failed."}
    content = {**refusal, "detail": refusal["message"], "run": run}
    return Reply(int(refusal["status"]), content, run)


def _pair(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator or not name.rstrip(":"):
        raise Misused(f"`{text}` is not a value", "write `name=text` or `name:=JSON`, such as `limit:=5`")
    if name.endswith(":"):
        return name[:-1], _parsed(value, f"`{name[:-1]}`")
    return name, value


def _loaded(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = str(getattr(error, "strerror", None) or error)
        raise Misused(f"`{text[1:]}` cannot be read: {reason[:1].lower()}{reason[1:]}") from error


def _parsed(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"{error.msg[:1].lower()}{error.msg[1:]}, at character {error.pos + 1}"
        raise Misused(f"{what} is not JSON: {reason}", "such as `'{\"limit\": 5}'`") from error


def _content(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return response.text
