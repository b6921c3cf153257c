"""An app read from its folder, judged and compiled: what `check`, `plan`, `publish` and `dev` begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cli import spec_folder
from cli.endings import CannotGoOn
from writ.findings import Colour
from writ.problems import Problem, in_order

if TYPE_CHECKING:
    from writ.judgement import Judgement
    from writ.nodes.typed import TypedApp
    from writ.plan.model import Release


@dataclass(frozen=True, slots=True)
class CheckedSpec:
    """`app` and `release` are None when it may not run. `problems` are all that are no finding, those of the compiler
    too; `files` is what was read, `sources` their texts, to show problems in.
    """

    folder: Path
    app: TypedApp | None
    release: Release | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, str]
    judgement: Judgement
    files: Mapping[str, bytes]

    @property
    def colour(self) -> Colour:
        """Red with a problem or a red finding."""
        return Colour.red if self.problems else self.judgement.colour

    @property
    def deployable(self) -> bool:
        """Whether it may be published: it compiles, and nothing is open."""
        return self.release is not None

    def require(self) -> tuple[TypedApp, Release]:
        """The app and its release; when there is none, shows why on stderr and raises CannotGoOn."""
        if self.app is None or self.release is None:
            show_problems([self])
            raise CannotGoOn(f"`{self.folder}` has {self.obstacles()}, so nothing was done")
        return self.app, self.release

    def obstacles(self) -> str:
        """How many problems and open findings it has, in words."""
        colours = [finding.colour for finding in self.judgement.open]
        red, yellow = colours.count(Colour.red), colours.count(Colour.yellow)
        counts = [(len(self.problems), "problem"), (red, "red finding"), (yellow, "yellow finding")]
        told = [f"{count} {what}{'s' if count > 1 else ''}" for count, what in counts if count]
        return " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]])) or "no release"


def today() -> date:
    """The day that decides whether acknowledgements count: that of UTC."""
    return datetime.now(UTC).date()


def check_folder(folder: Path) -> CheckedSpec:
    """Judge and compile the app in `folder`; Misused when there is no such folder."""
    from writ.check import check_app
    from writ.judgement import Judgement
    from writ.plan.compile import Compiled, judge_and_compile

    found = spec_folder.read(folder)
    checked = check_app(found.files, str(folder))
    problems = [*checked.problems] if found.files or not found.problems else []
    problems += found.problems
    if checked.partial is None:
        compiled = Compiled(Judgement((), tuple(problems)), None, tuple(problems))
    else:
        compiled = judge_and_compile(checked.partial, problems, today=today())
    return CheckedSpec(
        folder=folder,
        app=checked.app if compiled.release is not None else None,
        release=compiled.release,
        problems=tuple(in_order(compiled.problems)),
        sources=checked.sources,
        judgement=compiled.judgement,
        files=found.files,
    )


def show_problems(checked: Sequence[CheckedSpec], *, on_stdout: bool = False) -> None:
    """All problems and findings with their source lines, coloured on a terminal."""
    import sys

    from cli.report.text import render_findings, render_problems
    from cli.terminal import console

    stream = sys.stdout if on_stdout else sys.stderr
    screen = console(stream)
    colour = screen.is_terminal and screen.color_system is not None
    width = screen.width if screen.is_terminal else 120
    for each in checked:
        accepted = {one.finding.fingerprint for one in each.judgement.acknowledged}
        if each.problems:
            stream.write(render_problems(each.problems, each.sources, colour=colour, width=width) + "\n")
        if each.judgement.findings:
            findings = each.judgement.findings
            told = render_findings(findings, each.sources, colour=colour, width=width, acknowledged=accepted)
            stream.write(told + "\n")
    stream.flush()
