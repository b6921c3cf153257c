"""Writ as `writ dev` serves it, API and worker in one process, with a mark of the clock wherever a call passes.

`GET /marks` hands out the marks since the last time, as pairs of name and nanoseconds of the machine's monotonic clock.
Made for one caller at a time.
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import JSONResponse

import activities.audit
import activities.idempotency
import activities.open_transaction
import activities.transaction
import api.auth
import api.door
import api.temporal_runs
import api.tool_request
import workflows.perform
import workflows.tool_run
from api.app import create_app
from benchmarks.booking_sql import clinic, names_of_statements
from benchmarks.http_server import serve_until
from cli.serving import open_parts
from settings import Settings
from worker import serve as serve_worker

Name = str | Callable[..., str]


class Marks:
    """Moments, in the order they came."""

    def __init__(self) -> None:
        self._marks: list[tuple[str, int]] = []

    def add(self, name: str) -> None:
        """Mark this moment."""
        self._marks.append((name, time.monotonic_ns()))

    def taken(self) -> list[tuple[str, int]]:
        """All since the last time."""
        taken, self._marks = self._marks, []
        return taken

    def around(self, owner: Any, attribute: str, name: Name) -> None:
        """Mark the beginning (`name <`) and the end (`name >`) of each call of an asynchronous function."""
        inner: Callable[..., Awaitable[Any]] = getattr(owner, attribute)

        @functools.wraps(inner)
        async def marked(*arguments: Any, **named: Any) -> Any:
            called = name if isinstance(name, str) else name(*arguments)
            self.add(f"{called} <")
            try:
                return await inner(*arguments, **named)
            finally:
                self.add(f"{called} >")

        setattr(owner, attribute, marked)

    def after(self, owner: Any, attribute: str, name: str) -> None:
        """Mark the end of each call of a plain function."""
        inner: Callable[..., Any] = getattr(owner, attribute)

        @functools.wraps(inner)
        def marked(*arguments: Any, **named: Any) -> Any:
            found = inner(*arguments, **named)
            self.add(f"{name} >")
            return found

        setattr(owner, attribute, marked)


def _follow(marks: Marks) -> None:
    """Put marks on the way of a call; where one of these names is gone, this fails loudly."""
    statements = names_of_statements(clinic()[1])
    opened = activities.open_transaction.OpenTransaction
    marks.around(api.auth.TokenVerifier, "principal_of", "token")
    marks.around(api.tool_request, "read", "request")
    marks.after(api.door, "admit", "admit")
    marks.around(activities.idempotency, "claim", "key")
    marks.around(api.temporal_runs.TemporalRuns, "start", "start")
    marks.around(api.temporal_runs.TemporalRuns, "outcome", "outcome")
    marks.around(workflows.tool_run, "run", "run")
    marks.around(workflows.perform.Performer, "perform", lambda _self, effect: f"perform {effect.kind}")
    marks.around(activities.transaction, "transact", "transact")
    marks.around(opened, "begin", "begin")
    marks.around(opened, "fetch", lambda _self, sql, _arguments: f"sql {statements[sql]}")
    marks.around(opened, "see_all_rows", "sql lift row-level security for the invariants")
    marks.around(opened, "commit", "commit")
    marks.around(activities.audit, "record_audit", "audit")


def _with_marks(marks: Marks, app: Any) -> Any:
    async def marked(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/marks":
            await JSONResponse(marks.taken())(scope, receive, send)
            return
        marks.add("app <")
        await app(scope, receive, send)
        marks.add("app >")

    return marked


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until `stop` is set."""
    marks = Marks()
    _follow(marks)
    async with open_parts(settings, stop) as parts:
        assert parts is not None
        app = create_app(
            settings=settings,
            client=parts.client,
            pool=parts.pool,
            releases=parts.releases,
            registry=parts.registry,
            verifier=api.auth.TokenVerifier.from_settings(settings),
        )
        worker = serve_worker(settings, client=parts.client, pool=parts.pool, registry=parts.registry, stop=stop)
        await asyncio.gather(worker, serve_until(stop, _with_marks(marks, app), settings.api_port))
