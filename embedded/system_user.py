"""The system user PostgreSQL runs as when we are root: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedded.failure import EngineFailed

_NAME = "pgserver"  # the name the package of the PostgreSQL programs gives it, so that both share one user
_ADD = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", _NAME]
_ALL_READ = stat.S_IRGRP | stat.S_IROTH
_ALL_EXECUTE = stat.S_IXGRP | stat.S_IXOTH


@dataclass(frozen=True, slots=True)
class SystemUser:
    """An entry of the system's user list."""

    name: str
    uid: int
    gid: int

    def popen_arguments(self) -> dict[str, Any]:
        """What makes `subprocess.Popen` run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def takes(self, path: Path) -> None:
        """Give this user one folder or file."""
        os.chown(path, self.uid, self.gid)


def for_postgres(programs: Path, folders: tuple[Path, ...], say: Callable[[str], None]) -> SystemUser | None:
    """The user PostgreSQL has to run as, None for ourselves.

    As root, makes that user when it is missing and lets it pass through to `programs` and `folders`.
    """
    if os.geteuid() != 0:
        return None
    user = _ensure_user(say)
    for path in (programs, *folders):
        _let_pass(path, say)
    if not (programs / "postgres").stat().st_mode & stat.S_IXOTH:
        _let_read(programs.parent)
    return user


def _ensure_user(say: Callable[[str], None]) -> SystemUser:
    try:
        entry = pwd.getpwnam(_NAME)
    except KeyError:
        say(f"adding the system user `{_NAME}`: PostgreSQL does not run as root")
        try:
            subprocess.run(_ADD, check=True, capture_output=True)
            entry = pwd.getpwnam(_NAME)
        except (OSError, subprocess.CalledProcessError, KeyError) as error:
            raise EngineFailed(
                f"the system user `{_NAME}` could not be added: {error}",
                help="run as a user other than root, or add the user yourself",
            ) from error
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _let_read(installation: Path) -> None:
    """Programs and libraries that were installed for root alone."""
    libraries = installation.parents[1] / f"{installation.parent.name}.libs"
    for path in (installation, *installation.rglob("*"), libraries, *libraries.rglob("*")):
        if path.exists() and not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | _ALL_READ | (_ALL_EXECUTE if mode & stat.S_IXUSR else 0))


def _let_pass(path: Path, say: Callable[[str], None]) -> None:
    """Every folder above must let others pass (not list): only the missing right is added, and it is said."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            say(f"letting other users pass through `{folder}`: PostgreSQL runs as `{_NAME}`")
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
