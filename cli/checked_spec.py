"""An app read from its folder, checked and compiled: what `check`, `plan`, `publish` and `dev` begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cli import spec_folder
from cli.endings import CannotGoOn
from writ.problems import Problem, in_order

if TYPE_CHECKING:
    from writ.nodes.typed import TypedApp
    from writ.plan.model import Release


@dataclass(frozen=True, slots=True)
class CheckedSpec:
    """`app` and `release` are None when there are problems. `sources`: the text of each file, to show problems in."""

    folder: Path
    app: TypedApp | None
    release: Release | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, str]

    def require(self) -> tuple[TypedApp, Release]:
        """The app and its release; when there is none, shows why on stderr and raises CannotGoOn."""
        if self.app is None or self.release is None:
            show_problems([self])
            count = len(self.problems)
            raise CannotGoOn(f"`{self.folder}` has {count} problem{'s' if count > 1 else ''}, so nothing was done")
        return self.app, self.release


def check_folder(folder: Path) -> CheckedSpec:
    """Check and compile the app in `folder`; Misused when there is no such folder."""
    from writ.check import check_app
    from writ.plan.compile import compile_app

    found = spec_folder.read(folder)
    checked = check_app(found.files, str(folder))
    problems = list(checked.problems) if found.files or not found.problems else []
    problems += found.problems
    release = None
    if checked.app is not None and not problems:
        compiled = compile_app(checked.app)
        if isinstance(compiled, list):
            problems = compiled
        else:
            release = compiled
    app = checked.app if release is not None else None
    return CheckedSpec(folder, app, release, tuple(in_order(problems)), checked.sources)


def show_problems(checked: Sequence[CheckedSpec], *, on_stdout: bool = False) -> None:
    """All problems with their source lines, coloured on a terminal."""
    import sys

    from cli.rendering import render_problems
    from cli.terminal import console

    stream = sys.stdout if on_stdout else sys.stderr
    screen = console(stream)
    colour = screen.is_terminal and screen.color_system is not None
    width = screen.width if screen.is_terminal else 120
    for each in checked:
        if each.problems:
            stream.write(render_problems(each.problems, each.sources, colour=colour, width=width) + "\n")
    stream.flush()
