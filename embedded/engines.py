"""Start, find again and stop the embedded engines of one checkout.

    with start(Path(".writ"), say=print) as engines:
        ...  # engines.database_url, engines.temporal_address, engines.ui_url

`start` blocks; from asyncio use `await asyncio.to_thread(start, ...)` and `await asyncio.to_thread(engines.stop)`.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Lock as ThreadLock
from threading import current_thread, main_thread
from types import FrameType, TracebackType
from typing import Any, NoReturn, Self

from embedded import postgres_server, temporal_server
from embedded.child import Children
from embedded.data_folder import DataFolder, Lock, Running
from embedded.failure import EngineFailed
from embedded.postgres_address import PostgresAddress
from embedded.process import ProcessMark, own_mark, wait_until_gone
from embedded.temporal_address import TemporalAddress

__all__ = ["AlreadyRunning", "EngineFailed", "Engines", "Supervised", "find", "start", "stop"]

_STOP_SECONDS = 15.0
_OTHER_START_SECONDS = 90.0
_FATAL_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


class Engines:
    """Engines that run, and where they are reached. Asking for one that was not started is an EngineFailed."""

    def __init__(self, running: Running) -> None:
        self._running = running

    @property
    def database_url(self) -> str:
        """PostgreSQL as the application's role."""
        return self._postgres.database_url

    @property
    def publish_database_url(self) -> str:
        """PostgreSQL as the role that owns the tables."""
        return self._postgres.publish_database_url

    @property
    def superuser_url(self) -> str:
        """PostgreSQL as superuser: for tests only."""
        return self._postgres.superuser_url

    @property
    def temporal_address(self) -> str:
        """`host:port` of the Temporal server."""
        return self._temporal.address

    @property
    def ui_url(self) -> str | None:
        """The Temporal UI; None when it runs without, or was not started."""
        return self._running.temporal.ui_url if self._running.temporal else None

    @property
    def supervisor_pid(self) -> int:
        """The process that started the engines and ends them."""
        return self._running.supervisor.pid

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the engines, by name."""
        engines = {"postgres": self._running.postgres, "temporal": self._running.temporal}
        return {name: engine.process.pid for name, engine in engines.items() if engine is not None}

    @property
    def _postgres(self) -> PostgresAddress:
        if self._running.postgres is None:
            raise EngineFailed("the embedded PostgreSQL was not started", help="use `DATABASE_URL`")
        return self._running.postgres

    @property
    def _temporal(self) -> TemporalAddress:
        if self._running.temporal is None:
            raise EngineFailed("the embedded Temporal server was not started", help="use `TEMPORAL_ADDRESS`")
        return self._running.temporal


class AlreadyRunning(Exception):
    """The engines of this checkout run already, under another supervisor: `engines` says where."""

    def __init__(self, engines: Engines, folder: Path) -> None:
        super().__init__(f"the engines of `{folder}` run already, started by process {engines.supervisor_pid}")
        self.engines = engines


class Supervised(Engines):
    """Engines that this process started and will end: by `stop`, at the end of the `with`, at exit at the latest."""

    def __init__(self, folder: DataFolder, lock: Lock, say: Callable[[str], None]) -> None:
        super().__init__(Running(supervisor=own_mark()))
        self._folder = folder
        self._lock = lock
        self._children = Children()
        self._writing = ThreadLock()
        self._say = _one_at_a_time(say)
        self._handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def lost(self) -> EngineFailed | None:
        """An engine that has ended by itself, with its last words: for a supervisor to ask now and then."""
        return self._children.lost(self.pids.values())

    def stop(self) -> None:
        """End the engines in good order, at most about 15 s; interrupted once more, at once. Again: nothing happens."""
        if os.getpid() != self.supervisor_pid:
            return  # a fork of the supervisor: not its engines to end
        atexit.unregister(self.stop)
        try:
            self._children.end(_STOP_SECONDS)
            postgres_server.remove_socket_folder(self._folder.path)
            self._folder.forget()
        finally:
            self._restore_signals()
            self._lock.release()

    def _launch(self, *, ui: bool, postgres: bool, temporal: bool, namespace: str) -> None:
        atexit.register(self.stop)
        self._catch_signals()
        self._clear_leftovers()
        self._note()
        parts: list[Callable[[], object]] = []
        if postgres:
            parts.append(self._start_postgres)
        if temporal:
            parts.append(lambda: self._start_temporal(ui, namespace))
        self._together(parts)
        self._note(ready=True)

    def _together(self, parts: list[Callable[[], object]]) -> None:
        with ThreadPoolExecutor(max_workers=2, thread_name_prefix="start engine") as pool:
            futures = [pool.submit(part) for part in parts]
            try:
                _raise_first(futures)
            except BaseException:
                # Before the pool is left, which waits for the other part: without its process that ends at once.
                self._children.end(_STOP_SECONDS)
                raise

    def _start_postgres(self) -> None:
        began = time.monotonic()
        server = postgres_server.PostgresServer(self._folder, self._children, self._say)
        server.start(lambda address: self._note(postgres=address))
        self._say(f"PostgreSQL {postgres_server.VERSION} is ready ({time.monotonic() - began:.1f} s)")

    def _start_temporal(self, ui: bool, namespace: str) -> None:
        began = time.monotonic()
        server = temporal_server.TemporalServer(self._folder, self._children, self._say, namespace)
        found = server.start(lambda address: self._note(temporal=address), ui=ui)
        shown = f", its UI at {found.ui_url}" if found.ui_url else ""
        self._say(f"Temporal is ready at {found.address}{shown} ({time.monotonic() - began:.1f} s)")

    def _note(self, **known: Any) -> None:
        # At once, not when all is ready: a supervisor that is killed meanwhile leaves a trace of what it started.
        with self._writing:
            self._running = self._running.model_copy(update=known)
            self._folder.note(self._running)

    def _clear_leftovers(self) -> None:
        before = self._folder.running()
        ended = {
            "PostgreSQL": postgres_server.end_leftover(self._folder, _process(before.postgres if before else None)),
            "Temporal": temporal_server.end_leftover(self._folder, _process(before.temporal if before else None)),
        }
        for name, pid in ended.items():
            if pid is not None:
                self._say(f"ended {name} (process {pid}), left behind by a supervisor that was killed")

    def _catch_signals(self) -> None:
        """Unless the program has its own way: let SIGTERM and SIGHUP unwind the stack, so that the `with` is left."""
        if current_thread() is not main_thread():
            return
        for each in _FATAL_SIGNALS:
            if signal.getsignal(each) is signal.SIG_DFL:
                self._handlers[each] = signal.signal(each, _unwind)

    def _restore_signals(self) -> None:
        if current_thread() is not main_thread():
            return
        for each, before in self._handlers.items():
            if signal.getsignal(each) is _unwind:
                signal.signal(each, before)
        self._handlers.clear()


def start(
    data_folder: Path,
    *,
    say: Callable[[str], None] = lambda line: None,
    ui: bool = True,
    postgres: bool = True,
    temporal: bool = True,
    namespace: str = "default",
) -> Supervised:
    """Start the engines of this data folder and return when they are ready; nothing is left running when that fails.

    `say` is told of progress, a line at a time, from more than one thread but never two at once. Without `postgres` or
    `temporal` only the other one is started. Raises AlreadyRunning, and EngineFailed with the reason.
    """
    folder = DataFolder.at(data_folder)
    folder.prepare()
    supervised = Supervised(folder, _take_lock(folder, say), say)
    try:
        supervised._launch(ui=ui, postgres=postgres, temporal=temporal, namespace=namespace)
    except BaseException:
        supervised.stop()
        raise
    return supervised


def find(data_folder: Path) -> Engines | None:
    """The engines of this data folder that run and are ready, whoever started them; else None."""
    running = DataFolder.at(data_folder).running()
    return Engines(running) if running is not None and running.ready and running.alive else None


def stop(data_folder: Path, *, seconds: float = 2 * _STOP_SECONDS) -> bool:
    """Ask the supervisor of this data folder to end, which ends its engines; False when none runs.

    Raises EngineFailed when it still runs after `seconds`.
    """
    running = DataFolder.at(data_folder).running()
    if running is None or not running.supervisor.alive:
        return False
    os.kill(running.supervisor.pid, signal.SIGTERM)
    if not wait_until_gone(running.supervisor, seconds):
        raise EngineFailed(f"process {running.supervisor.pid} still runs {seconds:.0f} s after it was asked to end")
    return True


def _take_lock(folder: DataFolder, say: Callable[[str], None]) -> Lock:
    """The lock of the folder. Somebody who holds it is either running, starting or ending: wait to see which."""
    deadline = time.monotonic() + _OTHER_START_SECONDS
    waiting = False
    while (lock := folder.lock()) is None:
        found = find(folder.path)
        if found is not None:
            raise AlreadyRunning(found, folder.path)
        if not waiting:
            say(f"waiting for another process that starts or ends the engines of `{folder.path}`")
            waiting = True
        if time.monotonic() > deadline:
            raise EngineFailed(
                f"another process has held `{folder.path / 'engines.lock'}` for {_OTHER_START_SECONDS:.0f} s"
                " without engines that run",
                help="end that process; `lsof` on the file names it",
            )
        time.sleep(0.05)
    return lock


def _raise_first(futures: list[Future[object]]) -> None:
    done, _ = wait(futures, return_when=FIRST_EXCEPTION)
    for future in done:
        future.result()


def _process(address: PostgresAddress | TemporalAddress | None) -> ProcessMark | None:
    return address.process if address is not None else None


def _one_at_a_time(say: Callable[[str], None]) -> Callable[[str], None]:
    lock = ThreadLock()

    def said(line: str) -> None:
        with lock:
            say(line)

    return said


def _unwind(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
