"""Where the API of this checkout answers: noted by whoever runs it, read by `call` and the others."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from settings import Settings

FILE = "api.json"


@contextmanager
def noted(data_folder: Path, url: str) -> Iterator[None]:
    """While inside, other commands of this checkout find the API at `url`."""
    path = data_folder / FILE
    note = json.dumps({"url": url, "pid": os.getpid()}) + "\n"
    # In a container with a read-only file system there is nobody beside it who would look for the note.
    with suppress(OSError):
        _write(path, note)
    try:
        yield
    finally:
        with suppress(OSError):
            if path.read_text() == note:
                path.unlink()


def _write(path: Path, note: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    new = path.with_name(f"{FILE}.{os.getpid()}")
    new.write_text(note)
    new.replace(path)


def api_url(settings: Settings) -> str:
    """The URL of the API that runs here, else the one that the settings name."""
    return running_url(settings.data_folder) or address_of(settings.api_host, settings.api_port)


def running_url(data_folder: Path) -> str | None:
    """The URL that was noted by a process which is still there."""
    try:
        note = json.loads((data_folder / FILE).read_text())
        url, pid = str(note["url"]), int(note["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return url if _is_there(pid) else None


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True  # of another user
    except OSError:
        return False
    return True


def address_of(host: str, port: int) -> str:
    """The URL of an API that listens on `host` and `port`, as somebody on this machine would type it."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"
