"""One of the two versions that are compared: a folder, a folder in a git revision, or a stored release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli import spec_folder
from cli.endings import CannotGoOn, Misused
from cli.versions.git_revision import files_in, from_root, is_revision
from cli.versions.stored_release import active_release, release_files
from writ.check import check_app
from writ.nodes.typed import TypedApp
from writ.problems import Problem, in_order

ACTIVE = "active"
_APPS_NAMED = 5
_DIGEST = re.compile(r"(sha256:)?[0-9a-f]{6,64}")


@dataclass(frozen=True, slots=True)
class Side:
    """A version as it was named, its app as far as it could be told, what is wrong with it, and its files by path."""

    name: str
    app: TypedApp
    problems: tuple[Problem, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def uncompared(self) -> tuple[str, ...]:
        """The tools whose flow is not whole, so that their steps are compared with nothing."""
        return tuple(sorted(name for name, tool in self.app.tools.items() if not tool.whole))


def both_sides(old: str, new: str) -> tuple[Side, Side]:
    """The two versions; `active` is the active release of the app that the other one is.

    Misused where a name means nothing; CannotGoOn where there is no app.
    """
    if old == ACTIVE and new == ACTIVE:
        raise Misused("`active` is the release of the app that the other side is", "name an app: `active:clinic`")
    if old == ACTIVE:
        after = side(new)
        return side(f"{ACTIVE}:{after.app.name}"), after
    before = side(old)
    return before, side(f"{ACTIVE}:{before.app.name}" if new == ACTIVE else new)


def side(name: str) -> Side:
    """The version called `name`."""
    folder, files, problems = _files(name)
    checked = check_app(files, folder)
    found = tuple(in_order([*checked.problems, *problems]))
    if checked.partial is None:
        told = f": {found[0].message}" if found else ""
        raise CannotGoOn(f"`{name}` has no app that could be compared{told}", _way_out(found))
    return Side(name, checked.partial, found, files)


def _way_out(problems: tuple[Problem, ...]) -> str:
    return problems[0].help if problems else ""


_Found = tuple[str, Mapping[str, bytes], tuple[Problem, ...]]


def _files(name: str) -> _Found:
    """The folder an app would be in, its files by the path they are shown with, and those that cannot be read."""
    if Path(name).is_dir():
        found = spec_folder.read(Path(name))
        return name, found.files, found.problems
    if name.startswith(f"{ACTIVE}:"):
        return _release(active_release(name.removeprefix(f"{ACTIVE}:")))
    if _DIGEST.fullmatch(name):
        return _release(name)
    revision, colon, folder = name.partition(":")
    if colon and not Path(name).exists():
        return folder, files_in(revision, folder), ()
    if not Path(name).exists() and is_revision(name):
        raise Misused(f"`{name}` is a revision of git without a folder", _with_a_folder(name))
    spec_folder.require_folder(Path(name))
    raise Misused(f"`{name}` is no folder, no release and no revision of git", _NAMES)


_NAMES = "name a folder (`specs/clinic`), a revision (`main:specs/clinic`), a release's digest or `active`"


def _with_a_folder(revision: str) -> str:
    specs = spec_folder.specs()
    apps = [app for app in spec_folder.apps_in(specs) if (app / "app.yaml").is_file()]
    named = [f"`{revision}:{from_root(app)}`" for app in apps[:_APPS_NAMED]]
    if len(named) == 1:
        return f"write {named[0]}"
    return f"write `{revision}` with the folder of an app: {', '.join(named) or f'`{revision}:specs/clinic`'}"


def _release(digest: str) -> _Found:
    whole, texts = release_files(digest)
    short = whole.removeprefix("sha256:")[:12]
    return "", {f"{short}:{path}": text.encode() for path, text in texts.items()}, ()
