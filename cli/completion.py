"""What the shell offers when somebody presses Tab: cheap, silent, and never wrong enough to hurt."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from cli import spec_folder

SPECS = Path("specs")


def complete_tool(incomplete: str) -> Iterator[str]:
    """Names of tools (`app.tool`)."""
    yield from (name for name in spec_folder.tools_in(_specs()) if name.startswith(incomplete))


def complete_app(incomplete: str) -> Iterator[str]:
    """Folders of apps."""
    yield from (str(path) for path in spec_folder.apps_in(_specs()) if str(path).startswith(incomplete))


def _specs() -> Path:
    # Without the settings: they take longer to import than somebody who pressed Tab wants to wait.
    return Path(os.environ.get("WRIT_SPECS_FOLDER") or SPECS)
