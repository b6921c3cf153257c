"""How the command is typed where it was started: messages name it so that they can be copied."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

_NAMED = re.compile(r"`writ (?=[a-z-])")


def writ() -> str:
    """What to type for `writ` in the current folder: its name where the shell finds it, else where it lies."""
    if shutil.which("writ"):
        return "writ"
    beside = Path(sys.executable).with_name("writ")
    if not os.access(beside, os.X_OK):
        return "python -m cli"
    shorter = os.path.relpath(beside)
    return str(beside) if shorter.startswith(os.pardir) else shorter


def as_typed(message: str) -> str:
    """`message` with every command in it as it is typed here. Messages name commands in backticks: `writ dev`."""
    return _NAMED.sub(lambda _: f"`{writ()} ", message)
