"""Releases from PostgreSQL into the registry of this process: at start, on publish, and when a run wants one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from threading import Condition, get_ident
from types import TracebackType
from typing import Any, Self

import asyncpg
from pydantic import ValidationError

from activities.named_sql import statements
from activities.postgres_errors import Contention, translated
from writ.effects import Failure
from writ.plan.model import Release
from writ.plan.release import PLAN_VERSION, load_release, release_digest
from writ.program import LoadedRelease, load
from writ.refusals import Refused
from writ.registry import Registry

CHANNEL = "writ_release"

_SQL = statements("release")
_RETRY_SECONDS = 0.5
_LOOK_ANYWAY_SECONDS = 30.0
# Loading takes some 50 ms, and Temporal tries a failed task a third time only after 10 s. Its own patience with a
# workflow that blocks its thread is 2 s.
_PATIENCE_SECONDS = 1.0
_LOG = logging.getLogger(__name__)
_OUT_OF_REACH = (Failure, Refused, Contention)


class Tampered(Exception):
    """The stored body of a release is not what its digest says."""


class Unchecked(ValueError):
    """A stored release does not say that it was judged green, or yellow with everything acknowledged."""


class KeyMissing(Exception):
    """A release wants its histories encrypted, and this process has no key."""


class Releases:
    """The active release of every app, kept up to date by one connection that listens.

    As an asynchronous context manager: inside, active releases are loaded and stay current. While PostgreSQL is away
    the last known ones stay; it is asked again twice a second. A release that wants its histories encrypted is loaded
    only where this process `encrypts` them, and no earlier one of its app decides in its place.
    """

    def __init__(self, dsn: str, registry: Registry, *, encrypts: bool = False) -> None:
        self._dsn = dsn
        self._encrypts = encrypts
        self._registry = registry
        self._active: Mapping[str, str] = {}
        self._changed = asyncio.Event()
        self._ready = asyncio.Event()
        self._loaded = Condition()
        self._unloadable: set[str] = set()
        self._without_key: set[str] = set()
        self._watchers: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        here = get_ident()
        self._registry.when_wanted(lambda wanted: self._fetch(wanted, loop, here))
        self._task = asyncio.create_task(self._keep_current(), name="releases")
        waiting = asyncio.create_task(self._ready.wait())
        await asyncio.wait({waiting, self._task}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._task.done():
            self._task.result()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def active(self, app: str) -> str | None:
        """The digest of the release that decides for new runs of `app`; None where none does."""
        return self._active.get(app)

    def apps(self) -> tuple[str, ...]:
        """The published apps, in order of name."""
        return tuple(sorted(self._active))

    def on_change(self, call: Callable[[], None]) -> None:
        """Have `call` called, in the event loop, whenever an app got another active release or none."""
        self._watchers.append(call)

    def _fetch(self, wanted: str, loop: asyncio.AbstractEventLoop, thread: int) -> None:
        """Have this loop load a release; a workflow's thread waits for it a moment, the loop's own must not."""
        loop.call_soon_threadsafe(self._changed.set)
        if get_ident() != thread:
            with self._loaded:
                self._loaded.wait_for(lambda: wanted in self._registry, _PATIENCE_SECONDS)

    async def _keep_current(self) -> None:
        said = ""
        while True:
            try:
                with translated():
                    await self._listen()
            except _OUT_OF_REACH as failure:
                # Once for each reason: an hour without PostgreSQL must not bury what else is in the log.
                if str(failure) != said:
                    _LOG.warning("releases cannot be read, trying again: %s", failure)
                said = str(failure)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=10, server_settings={"application_name": "writ releases"})
        try:
            connection.add_termination_listener(lambda _connection: self._changed.set())
            await connection.add_listener(CHANNEL, lambda *_notification: self._changed.set())
            while True:
                self._changed.clear()
                await self._read(connection)
                self._ready.set()
                await self._wait()
        finally:
            await connection.close(timeout=1)

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._changed.wait(), _LOOK_ANYWAY_SECONDS)
        except TimeoutError:
            _LOG.debug("no release for %s s, looking anyway", _LOOK_ANYWAY_SECONDS)

    async def _read(self, connection: asyncpg.Connection[Any]) -> None:
        active = {row["app"]: row["digest"] for row in await connection.fetch(_SQL["active"])}
        for wanted in (*active.values(), *tuple(self._registry.wanted)):
            if wanted not in self._registry and wanted not in self._unloadable:
                await self._load(connection, wanted)
        # Only what is loaded may decide: a new run never waits for its release in the process that started it.
        loaded = {app: active_digest for app, active_digest in active.items() if active_digest in self._registry}
        # An app that was retired is gone, one whose new release is not loaded keeps the old one: unless the new one
        # wants its histories encrypted, which the old one did not.
        stay = {app for app, digest in active.items() if digest not in self._without_key}
        kept = {app: digest for app, digest in self._active.items() if app in stay}
        before, self._active = self._active, {**kept, **loaded}
        if self._active != before:
            for tell in self._watchers:
                tell()

    async def _load(self, connection: asyncpg.Connection[Any], wanted: str) -> None:
        body = await connection.fetchval(_SQL["body"], wanted)
        if body is None:
            return
        try:
            release = await asyncio.to_thread(read_release, body, wanted)
            self._require_key(release)
        except Exception as error:
            # One release that cannot be loaded must not keep the others from switching.
            _LOG.error("release `%s` is not loaded: %s", wanted, error)
            # Its content cannot change under its digest, so it will not be better next time.
            self._unloadable.add(wanted)
            return
        with self._loaded:
            self._registry.add(wanted, release)
            self._loaded.notify_all()

    def _require_key(self, release: LoadedRelease) -> None:
        """Without a key its runs would stand in Temporal in clear, so this process starts and takes none of them."""
        if release.release.encrypted_history and not self._encrypts:
            self._without_key.add(release.digest)
            raise KeyMissing(
                f"`{release.release.app}` keeps its histories encrypted and there is no key: set `WRIT_HISTORY_KEYS`"
            )


def read_release(body: str, wanted: str) -> LoadedRelease:
    """The release stored under the digest `wanted`, ready to run; Tampered or ValueError where this cannot be."""
    release = _loaded(body)
    found = release_digest(release)
    if found != wanted:
        raise Tampered(f"its stored body has the digest `{found}`")
    if release.engines.get("plan") != PLAN_VERSION:
        raise ValueError(f"its plans are of version `{release.engines.get('plan')}`, this worker runs `{PLAN_VERSION}`")
    return load(release, wanted)


def _loaded(body: str) -> Release:
    try:
        return load_release(body)
    except ValidationError as error:
        if any(one["loc"][:1] == ("check",) for one in error.errors()):
            raise Unchecked("it does not say that the safety engine let it pass: publish its app again") from error
        raise
