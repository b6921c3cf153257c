"""An app read from its folder, judged and compiled: what `check`, `plan`, `publish` and `dev` begin with."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
    from writ.plan.compile import Compiled
    from writ.plan.model import Release


@dataclass(frozen=True, slots=True)
class CheckedSpec:
    """`app` and `release` are None when it may not run. `problems` are all that are no finding, those of the compiler
    too; `not_yet` is what is sound and cannot be run by this version; `files` is what was read, `sources` their texts,
    to show problems in. `tools` is their number, `judged` those that were looked at one by one, where only what changed
    was; nothing is compiled then.
    """

    folder: Path
    app: TypedApp | None
    release: Release | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, str]
    judgement: Judgement
    files: Mapping[str, bytes]
    judged: frozenset[str] | None = None
    tools: int = 0
    not_yet: tuple[Problem, ...] = ()

    @property
    def colour(self) -> Colour:
        """Red with a problem or a red finding."""
        return Colour.red if self.problems else self.judgement.colour

    @property
    def deployable(self) -> bool:
        """Whether it may be published: it compiles, and nothing is open."""
        return self.release is not None

    @property
    def passed(self) -> bool:
        """Whether nothing stands in the way, as far as it was looked at: of a part, that is no leave to publish."""
        return self.deployable or (self.judged is not None and not self.problems and self.judgement.deployable)

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
        counts.append((len(self.not_yet), "part that cannot be run yet"))
        told = [_counted(count, what) for count, what in counts if count]
        return " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]])) or "no release"


def _counted(count: int, what: str) -> str:
    noun, *rest = what.split(" that ")
    return " that ".join([f"{count} {noun}{'s' if count > 1 else ''}", *rest])


def today() -> date:
    """The day that decides whether acknowledgements count: that of UTC."""
    return datetime.now(UTC).date()


@contextmanager
def without_looking_for_garbage() -> Iterator[None]:
    """What a check makes lives until its end: to look through it for garbage again and again is a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@without_looking_for_garbage()
def check_folder(folder: Path, *, since: str | None = None) -> CheckedSpec:
    """Judge and compile the app in `folder`; Misused when there is no such folder.

    With `since`, the name of a version of it, only what changed is judged tool by tool, and nothing is compiled.
    """
    from writ.check import check_app
    from writ.judgement import Judgement
    from writ.plan.compile import Compiled, judge_and_compile

    found = spec_folder.read(folder)
    checked = check_app(found.files, str(folder))
    problems = [*checked.problems] if found.files or not found.problems else []
    problems += found.problems
    judged: frozenset[str] | None = None
    if checked.partial is None:
        compiled = Compiled(Judgement((), tuple(problems)), None, tuple(problems))
    elif since is not None:
        compiled, judged = _judge_since(since, checked.partial, problems, found.files)
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
        judged=judged,
        tools=len(checked.partial.tools) if checked.partial is not None else 0,
        not_yet=compiled.not_yet,
    )


def _judge_since(
    version: str, app: TypedApp, problems: list[Problem], files: Mapping[str, bytes]
) -> tuple[Compiled, frozenset[str]]:
    from cli.since import since
    from writ.judgement import judge
    from writ.plan.compile import Compiled

    found = since(version, app, files)
    judgement = judge(app, problems, previous=found.previous, changed=found.changed, today=today())
    return Compiled(judgement, None, judgement.problems), found.changed & app.tools.keys()
