"""Which process is which: a process id alone is reused by the system, together with its start time it is not."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_PROC = Path("/proc")


class ProcessMark(BaseModel):
    """One process for ever: its id and the system's own note of when it started (opaque; only good for comparing)."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started: str

    @property
    def alive(self) -> bool:
        return mark(self.pid) == self


def mark(pid: int) -> ProcessMark | None:
    """The mark of the process that has this id now; None when there is none or it has ended and waits to be reaped."""
    started = _started_by_proc(pid) if _has_proc() else _started_by_ps(pid)
    return ProcessMark(pid=pid, started=started) if started else None


def own_mark() -> ProcessMark:
    """The mark of the process that asks."""
    found = mark(os.getpid())
    if found is None:
        raise RuntimeError("the system does not show this process its own start time")
    return found


def command_line(pid: int) -> str:
    """The command and its arguments, separated by spaces; empty when there is no such process."""
    if not _has_proc():
        return _ps(pid, "command=")
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def end(process: ProcessMark, gently: signal.Signals, seconds: float) -> None:
    """End a process that is not our child; by force when it is still there after `seconds`."""
    for order, patience in ((gently, seconds), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 5.0)):
        if not process.alive:
            return
        try:
            os.kill(process.pid, order)
        except ProcessLookupError:
            return
        wait_until_gone(process, patience)


def wait_until_gone(process: ProcessMark, seconds: float) -> bool:
    """Whether the process has ended within `seconds`."""
    deadline = time.monotonic() + seconds
    while process.alive:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _has_proc() -> bool:
    return (_PROC / "self" / "stat").exists()


def _started_by_proc(pid: int) -> str:
    try:
        # The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
        fields = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    state, ticks_since_boot = fields[0], fields[19]
    # Counted from boot, not from 1970: setting the clock must not turn a running process into a stranger.
    return "" if state in "ZX" else f"{boot}:{ticks_since_boot}"


def _started_by_ps(pid: int) -> str:
    state, _, started = _ps(pid, "stat=,lstart=").partition(" ")
    return "" if state.startswith("Z") else started.strip()


def _ps(pid: int, columns: str) -> str:
    command = ["ps", "-ww", "-o", columns, "-p", str(pid)]
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, capture_output=True, check=False, text=True, env=environment).stdout.strip()
