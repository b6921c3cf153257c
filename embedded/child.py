"""Child: one process that we started, its log, and its certain end."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from embedded.failure import EngineFailed
from embedded.process import ProcessMark, mark
from embedded.system_user import SystemUser

_LOG_LINES_SHOWN = 8
_LOG_BYTES_KEPT = 4 * 1024 * 1024
_PR_SET_PDEATHSIG = 1
_CRASHES = ("panic:", "fatal error:")  # of a Go program: many lines of stack follow the reason


class Child:
    """A process with its output in `log`.

    `gently` asks it to end in good order; `by_force` is sent when it does not. On Linux the system sends `gently` as
    well when our own process dies without a word (SIGKILL); elsewhere the next start finds what was left.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        *,
        environment: Mapping[str, str],
        folder: Path,
        gently: signal.Signals = signal.SIGTERM,
        by_force: signal.Signals = signal.SIGKILL,
        system_user: SystemUser | None = None,
    ) -> None:
        self.name = name
        self._command = [str(part) for part in command]
        self._log = log
        self._log_start = 0
        self._environment = dict(environment)
        self._folder = folder
        self._gently = gently
        self._by_force = by_force
        self._system_user = system_user
        self._process: subprocess.Popen[bytes] | None = None
        self._error: OSError | None = None
        self._spawned = Event()
        self._ended = Event()

    def spawn(self) -> None:
        """Start the process; raises EngineFailed when the system refuses."""
        # The system's "tell me when my parent dies" means the parent *thread*. So a thread of its own starts the
        # process and lives exactly as long: a pool's or asyncio's thread may end while the engine must go on.
        Thread(target=self._live, name=f"engine {self.name}", daemon=True).start()
        self._spawned.wait()
        if self._error is not None:
            raise EngineFailed(f"{self.name} could not be started: {self._error}")

    def _live(self) -> None:
        try:
            self._process = self._open()
        except OSError as error:
            self._error = error
            self._ended.set()
            return
        finally:
            self._spawned.set()
        self._process.wait()
        self._ended.set()

    def _open(self) -> subprocess.Popen[bytes]:
        _shorten(self._log)
        with open(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self._log_start = log.tell()
            return subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                cwd=self._folder,
                umask=0o077,
                # Its own session: Ctrl-C in the terminal reaches us alone, and we end the engines in good order.
                start_new_session=True,
                preexec_fn=_ends_with_parent(self._gently),  # noqa: PLW1509 - two system calls, see there
                **(self._system_user.popen_arguments() if self._system_user else {}),
            )

    @property
    def pid(self) -> int:
        """The process id; an error before `spawn`."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._process.pid

    @property
    def mark(self) -> ProcessMark:
        """Raises EngineFailed when the process has ended already."""
        found = mark(self.pid)
        if found is None:
            raise self.failed("ended before it was ready")
        return found

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready()`; raises EngineFailed when the process ends before, or after `seconds`."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self._ended.wait(0.01):
                raise self.failed("ended before it was ready")
            if time.monotonic() > deadline:
                raise self.failed(f"was not ready after {seconds:.0f} s")

    def finish(self, seconds: float) -> None:
        """Wait for a process that ends by itself; raises EngineFailed when it reports an error, or after `seconds`."""
        if not self._ended.wait(seconds):
            raise self.failed(f"did not finish within {seconds:.0f} s")
        if self._process is None or self._process.returncode != 0:
            raise self.failed("did not succeed")

    def failed(self, what: str) -> EngineFailed:
        """The failure that says what happened, with the last lines of this process's own output."""
        return EngineFailed(
            f"{self.name} {what}", log_lines=self.log_lines(), help=f"the whole log is in `{self._log}`"
        )

    def log_lines(self) -> tuple[str, ...]:
        """The lines of this process's output that tell why it ended: the last ones, or the first ones of a crash."""
        lines = [line for line in self._output().splitlines() if line.strip()]
        crash = next((number for number, line in enumerate(lines) if line.startswith(_CRASHES)), None)
        return tuple(lines[-_LOG_LINES_SHOWN:] if crash is None else lines[crash : crash + _LOG_LINES_SHOWN])

    def wrote(self, text: str) -> bool:
        """Whether this process has written the text anywhere in its output."""
        return text in self._output()

    def _output(self) -> str:
        try:
            with self._log.open("rb") as log:
                log.seek(self._log_start)
                return log.read().decode(errors="replace")
        except OSError:
            return ""

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def ask_to_end(self) -> None:
        self._send(self._gently)

    def end(self, seconds: float) -> None:
        """Wait up to `seconds` for the end that was asked for, then end it by force."""
        if self._process is None or self._ended.wait(seconds):
            return
        for order in (self._by_force, signal.SIGKILL):
            self._send(order)
            if self._ended.wait(5.0):
                return

    def _send(self, order: signal.Signals) -> None:
        if self._process is not None and not self._ended.is_set():
            self._process.send_signal(order)


class Children:
    """All processes of one start: once they are told to end, no further one can be added."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._closed = False
        self._lock = Lock()

    def spawn(self, child: Child) -> None:
        """Start one more; raises EngineFailed when the system refuses or when all were told to end."""
        with self._lock:
            if self._closed:
                raise EngineFailed("the start was interrupted")
            self._children.append(child)
            child.spawn()

    def lost(self, pids: Iterable[int]) -> EngineFailed | None:
        """What happened to the first of these that has ended, None when all are there."""
        wanted = set(pids)
        ended = [child for child in self._children if child.ended and child.pid in wanted]
        return ended[0].failed("has ended by itself") if ended else None

    def end(self, seconds: float) -> None:
        """End all, together; by force after `seconds`, or at once when interrupted meanwhile (a second Ctrl-C)."""
        with self._lock:
            self._closed = True
        try:
            for child in self._children:
                child.ask_to_end()
            deadline = time.monotonic() + seconds
            for child in self._children:
                child.end(max(0.0, deadline - time.monotonic()))
        except BaseException:
            for child in self._children:
                child.end(0.0)
            raise


def environment_without(*prefixes: str) -> dict[str, str]:
    """Our environment without variables that would silently change what an engine does (`PGPORT`, `TEMPORAL_…`)."""
    return {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}


def _ends_with_parent(order: signal.Signals) -> Callable[[], Any] | None:
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def before_exec() -> None:
        # Runs between fork and exec, where other threads' locks may be held for ever: two system calls, nothing else.
        prctl(_PR_SET_PDEATHSIG, int(order))
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return before_exec


def _shorten(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_BYTES_KEPT:
        log.replace(log.with_suffix(".log.old"))
