"""Apps that can still be called although their folder is gone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def gone(active: Iterable[str], specs: Path) -> list[str]:
    """The apps of `active` without a folder in `specs`, by name; none where there is no such folder at all."""
    return sorted(app for app in active if not (specs / app).is_dir()) if specs.is_dir() else []


def notice(app: str, specs: Path) -> tuple[str, str]:
    """What there is to know of such an app, and the way out."""
    return f"`{app}` is published, and there is no folder `{specs / app}`", f"`writ retire {app}` ends its calls"
