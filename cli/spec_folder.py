"""The files of an app, read from its folder: the only place of the command line that touches specs on disk."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.endings import Misused
from writ.problems import Problem
from writ.source import Span

SPECS = Path("specs")
ENDINGS = (".yaml", ".yml")
_BYTES_READ = 2 * 1024 * 1024
"""More than a spec may have: enough for the reader to see that a file is too large."""
_APPS_NAMED = 5
_TOOL = re.compile(rb"^tool:[ \t]*([a-z][a-z0-9_]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SpecFiles:
    """`files`: path as the author would type it → content. `problems`: files that are there and could not be read."""

    files: Mapping[str, bytes]
    problems: tuple[Problem, ...]


def read(folder: Path) -> SpecFiles:
    """The YAML files below `folder`, by path. Hidden files are not specs; a link that leads out of it is a problem.

    Raises Misused when there is no such folder.
    """
    require_folder(folder)
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    root = folder.resolve()
    for path in _candidates(folder):
        try:
            if _leads_out(path, root):
                problems.append(_unreadable(path, "leads out of the folder of the app", "put the file itself here"))
            elif path.is_dir():
                continue
            elif not path.is_file():
                problems.append(_unreadable(path, "is not a file", "remove it, or call it otherwise"))
            else:
                files[str(path)] = _content(path)
        except OSError as error:
            problems.append(_unreadable(path, f"cannot be read: {(error.strerror or str(error)).lower()}", ""))
    return SpecFiles(files, tuple(problems))


def require_folder(folder: Path) -> None:
    """Raises Misused, with the apps that are near, when `folder` is not a folder."""
    if folder.is_dir():
        return
    what = "is a file, not the folder of an app" if folder.exists() else "does not exist"
    near = [folder.parent, *folder.parent.parents, Path("specs")]
    found = next((apps for each in near if (apps := _real_apps(each))), [])
    listed = ", ".join(f"`{app}`" for app in found[:_APPS_NAMED])
    help = f"apps here: {listed}" if found else f"`writ new {folder}` makes one"
    raise Misused(f"the folder `{folder}` {what}", help)


def _real_apps(folder: Path) -> list[Path]:
    return [app for app in [folder, *apps_in(folder)] if (app / "app.yaml").is_file()]


def specs() -> Path:
    """The folder that holds the folders of apps."""
    # Without the settings: they take longer to import than somebody who pressed Tab wants to wait.
    return Path(os.environ.get("WRIT_SPECS_FOLDER") or SPECS)


def apps_in(specs: Path) -> list[Path]:
    """The folders of apps in `specs`, sorted: every folder in it that is not hidden."""
    if not specs.is_dir():
        return []
    return sorted(path for path in specs.iterdir() if path.is_dir() and not path.name.startswith("."))


def tools_in(specs: Path) -> Iterator[str]:
    """The names (`app.tool`) of the tools below `specs`, as cheaply as can be: for completion, not for truth."""
    for app in apps_in(specs):
        for path in _candidates(app):
            try:
                found = _TOOL.search(path.read_bytes())
            except OSError:
                continue
            if found is not None:
                yield f"{app.name}.{found.group(1).decode()}"


def state_of(folder: Path) -> Mapping[str, tuple[int, int]]:
    """What changes when somebody saves a file of the app: time (ns) and size of each."""
    found: dict[str, tuple[int, int]] = {}
    for path in _candidates(folder):
        try:
            about = path.stat()
        except OSError:
            continue
        found[str(path)] = (about.st_mtime_ns, about.st_size)
    return found


def _candidates(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        linked = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in sorted([*linked, *names]):
            if name in linked or (name.endswith(ENDINGS) and not name.startswith(".")):
                yield Path(place) / name


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_BYTES_READ)


def _leads_out(path: Path, root: Path) -> bool:
    return not path.resolve().is_relative_to(root)


def _unreadable(path: Path, reason: str, help: str) -> Problem:
    return Problem("unreadable-file", Span(str(path), 1, 1), f"`{path}` {reason}", help)
