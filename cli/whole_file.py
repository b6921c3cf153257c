"""Writing a file whole: whoever reads it meanwhile sees the old text or the new one, never a part."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_NEW_FILE = 0o644


def write_whole(path: Path, text: str) -> None:
    """Replace the text of a file, or make it; its rights stay. OSError where it cannot be written, and then the old
    text is there as it was.
    """
    target = path.resolve()
    rights = target.stat().st_mode if target.exists() else _NEW_FILE
    descriptor, written = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(written, rights)
        os.replace(written, target)
    except BaseException:
        os.unlink(written)
        raise
