"""Who sits in front of the terminal, as far as the machine knows."""

from __future__ import annotations

import getpass
import subprocess
from pathlib import Path

_PATIENCE_SECONDS = 5.0


def user() -> str:
    """The name of the user this process runs as; `unknown` where there is none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A container may run as a user without a name.
        return "unknown"


def address(folder: Path) -> str:
    """The e-mail address git would sign a commit in `folder` with, else the name of the user."""
    try:
        asked = subprocess.run(
            ["git", "config", "user.email"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return user()
    return asked.stdout.strip() or user()
