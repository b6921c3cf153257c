"""An app read from its folder, judged and compiled: what `check`, `plan`, `publish` and `dev` begin with."""

from __future__ import annotations

from collections.abc import Mapping
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
        """The app and its release; CannotGoOn, with what stands in the way, when there is none."""
        if self.app is None or self.release is None:
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
