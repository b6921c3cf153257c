"""The files of an app as a revision of git has them, read from its objects: nothing is checked out or changed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from cli.endings import CannotGoOn, Misused
from cli.spec_folder import ENDINGS

_REGULAR = ("100644", "100755")
_BYTES_READ = 2 * 1024 * 1024
"""More than a spec may have: enough for the reader to see that a file is too large."""


def files_in(revision: str, folder: str) -> dict[str, bytes]:
    """The YAML files below `folder` (from the root of the repository on) in `revision`, by `REVISION:PATH`.

    Misused where git knows no such revision or folder; CannotGoOn where there is no git.
    """
    if not revision or revision.startswith("-"):
        raise Misused(f"`{revision}` is no revision of git", "e.g. `main:specs/clinic`")
    where = folder.strip("/")
    listed = _git("ls-tree", "-r", "-z", "--full-tree", f"{revision}:{where}")
    objects = dict(_specs(listed.decode("utf-8", "replace")))
    contents = _contents(list(objects.values()))
    below = f"{where}/" if where else ""
    return {f"{revision}:{below}{path}": contents[name] for path, name in objects.items()}


def is_revision(name: str) -> bool:
    """Whether git knows a commit by that name here; not where there is no git."""
    asked = ["rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"]
    try:
        return not name.startswith("-") and _run(asked).returncode == 0
    except OSError:
        return False


def from_root(folder: Path) -> str:
    """The folder as revisions name it: from the root of the repository on."""
    prefix = _git("rev-parse", "--show-prefix").decode("utf-8", "replace").strip()
    return os.path.normpath(PurePosixPath(prefix, folder.as_posix()))


def _specs(listed: str) -> Iterator[tuple[str, str]]:
    """Path and object of each file that is a spec: what is hidden is none, and a link is not followed."""
    for entry in filter(None, listed.split("\0")):
        about, _, path = entry.partition("\t")
        mode, _, name = about.split(" ")
        hidden = any(part.startswith(".") for part in path.split("/"))
        if mode in _REGULAR and path.endswith(ENDINGS) and not hidden:
            yield path, name


def _contents(names: list[str]) -> dict[str, bytes]:
    """The content of each object, from one process for all of them."""
    answered = _git("cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
    found, at = {}, 0
    for name in names:
        end = answered.index(b"\n", at)
        size = int(answered[at:end].split(b" ")[2])
        found[name] = answered[end + 1 : end + 1 + min(size, _BYTES_READ)]
        at = end + size + 2
    return found


def _run(arguments: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *arguments], input=given, capture_output=True, check=False)


def _git(*arguments: str, given: bytes = b"") -> bytes:
    try:
        done = _run(arguments, given)
    except OSError as error:
        raise CannotGoOn("git is not there to read a revision with", "compare folders instead") from error
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it gives no reason"]
        help = "the folder is named from the root of the repository on: `main:specs/clinic`"
        raise Misused(f"git cannot read `{arguments[-1]}`: {lines[0].removeprefix('fatal: ')}", help)
    return done.stdout
