"""What stands before publishing: nothing is believed, the files are judged again, here and today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from writ.check import check_app
from writ.findings import Colour, Finding
from writ.judgement import judge
from writ.nodes.typed import TypedApp
from writ.plan.compile import Compiled, judge_and_compile
from writ.plan.model import Release
from writ.problems import Problem


def objections(app: TypedApp, release: Release, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Why `release` may not be published as what `files` say; none where they give exactly this app, it is green or all
    that is yellow is acknowledged on this day (UTC), and it compiles to exactly this release.
    """
    checked = check_app(files, app.name)
    if checked.partial is None:
        return tuple(map(_of_problem, checked.problems))
    today = datetime.now(UTC).date()
    compiled = judge_and_compile(checked.partial, checked.problems, today=today)
    blocking = tuple(_blocking(compiled))
    if blocking:
        return blocking
    if checked.app != app:
        return (f"the files are not those of this `{app.name}`: they were changed since, or are another app's",)
    # The same app may be wrong to publish as it was handed over: nothing of it is used but what came out here.
    return () if compiled.release == release else (_difference(compiled.release, release),)


def breaking(app: TypedApp, before: Mapping[str, str]) -> tuple[str, ...]:
    """What of `app` is open compared with the release whose texts are `before`. None where those mean nothing any
    longer, because the language has changed since.
    """
    previous = check_app({path: text.encode() for path, text in before.items()}, app.name).app
    if previous is None:
        return ()
    return tuple(map(_of_finding, judge(app, previous=previous, today=datetime.now(UTC).date()).open))


def _blocking(compiled: Compiled) -> Iterator[str]:
    yield from map(_of_problem, (*compiled.problems, *compiled.not_yet))
    yield from map(_of_finding, compiled.judgement.open)
    if compiled.release is None and not (compiled.problems or compiled.not_yet or compiled.judgement.open):
        yield "it cannot be judged"


def _of_problem(problem: Problem) -> str:
    return f"{problem.span}: {problem.message}"


def _of_finding(finding: Finding) -> str:
    unaccepted = f"nobody has acknowledged it (its fingerprint is `{finding.fingerprint}`)"
    why = "nothing overrides red" if finding.colour is Colour.red else unaccepted
    return f"{finding.span}: {finding.rule} is {finding.colour}, {why}: {finding.message}"


def _difference(expected: Release | None, given: Release) -> str:
    if expected is not None and expected.model_copy(update={"check": given.check}) == given:
        return f"the release of `{given.app}` says of its check what the safety engine does not say"
    return f"the release of `{given.app}` was not compiled from this app"
