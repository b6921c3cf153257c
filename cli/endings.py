"""How a command ends: its exit codes, and the exception of one that cannot go on."""

from __future__ import annotations

import os
import sys
from typing import IO, NoReturn

FINE = 0
BLOCKED = 1
"""Problems, findings, a refusal, or something that has to be there first."""
USAGE = 2
INTERNAL = 3
CUT_SHORT = 141
"""Whoever read the output had seen enough before the command was done (128 + SIGPIPE, as shells count it)."""


class CannotGoOn(Exception):
    """A command stops here: the reason in one line, and the way out in `help`."""

    def __init__(self, reason: str, help: str = "", code: int = BLOCKED) -> None:
        super().__init__(reason)
        self.reason = reason
        self.help = help
        self.code = code


class Misused(CannotGoOn):
    """The command was called in a way it does not understand."""

    def __init__(self, reason: str, help: str = "") -> None:
        super().__init__(reason, help, USAGE)


def leave(code: int) -> NoReturn:
    """End this process with `code`, once everything it wrote has gone out; BLOCKED where that cannot be written.

    A reader that has seen enough changes nothing: the command was done.
    """
    for stream in (sys.stdout, sys.stderr):
        # A stream that was closed before we were started is None.
        if stream is not None and not _flushed(stream):
            code = code or BLOCKED
    # Not `sys.exit`: the threads of the Temporal client and of the servers are native. One that reports back while the
    # interpreter is taken down aborts the process (PyGILState_Release, exit code 134), after all work was done. What
    # has to end in good order, engines and connections, has been ended by its context manager before.
    os._exit(code)


def _flushed(stream: IO[str]) -> bool:
    try:
        stream.flush()
    except BrokenPipeError:
        return True  # whoever read it has seen enough
    except OSError as error:
        os.write(2, f"error: the output could not be written: {(error.strerror or str(error)).lower()}\n".encode())
        return False
    return True
