"""A caller over HTTP that costs little itself: one connection that is kept, no event loop."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from types import TracebackType
from typing import Any, Self

_TIMEOUT_SECONDS = 60.0
_IDLE_NS = 2_000_000_000


class CallFailed(Exception):
    """A call that was to succeed did not."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, with the moments it was asked for and was there (nanoseconds of the machine's monotonic clock)."""

    body: Any
    run: str | None
    sent: int
    received: int

    @property
    def milliseconds(self) -> float:
        """How long the caller waited."""
        return (self.received - self.sent) / 1e6


class Caller:
    """Calls one server at `port` of this machine."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
        self._used = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def post(self, path: str, token: str, body: Any, **headers: str) -> Answered:
        """Post JSON; CallFailed unless the answer is a success."""
        text = json.dumps(body).encode()
        sent_with = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
        return self._call("POST", path, text, sent_with)

    def get(self, path: str) -> Answered:
        """Get JSON; CallFailed unless the answer is a success."""
        return self._call("GET", path, None, {})

    def _call(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answered:
        self._refresh()
        sent = time.monotonic_ns()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        received = self._used = time.monotonic_ns()
        if not 200 <= response.status < 300:
            raise CallFailed(f"{method} {path} answers {response.status}: {content.decode(errors='replace')[:500]}")
        return Answered(json.loads(content), response.headers.get("Writ-Run"), sent, received)

    def _refresh(self) -> None:
        # A server closes what is idle for some seconds; connecting again is not part of what is measured.
        if time.monotonic_ns() - self._used > _IDLE_NS:
            self._connection.close()
            self._connection.connect()
