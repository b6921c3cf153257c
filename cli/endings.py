"""How a command ends: its exit codes, and the exception of one that cannot go on."""

from __future__ import annotations

FINE = 0
BLOCKED = 1
"""Problems, findings, a refusal, or something that has to be there first."""
USAGE = 2
INTERNAL = 3


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
