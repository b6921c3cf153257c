"""Secrets that a checkout keeps for itself: made once, readable by their user alone."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from cli.endings import CannotGoOn


def read_or_make(path: Path, make: Callable[[], str], *, what: str, instead: str) -> str:
    """The secret in `path`, which is made when it is not there; CannotGoOn where that cannot be, with `instead` as the
    way out.
    """
    try:
        return _read(path, what) if path.exists() else _make(path, make(), what)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotGoOn(f"the {what} `{path}` cannot be used: {reason}", instead) from error


def _make(path: Path, secret: str, what: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    # Linked into place whole: two commands that start together end up with one secret, and nobody reads half of it.
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secret + "\n")
        os.link(new, path)
    except FileExistsError:
        return _read(path, what)
    finally:
        new.unlink()
    return secret


def _read(path: Path, what: str) -> str:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise CannotGoOn(f"the {what} `{path}` can be read by others", f"chmod 600 {path}")
    return path.read_text().strip()
