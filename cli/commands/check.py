"""`writ check`: everything that is wrong with apps."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import spec_folder
from cli.completion import complete_app
from cli.endings import BLOCKED, Misused

if TYPE_CHECKING:
    from cli.checked_spec import CheckedSpec


class ReportFormat(StrEnum):
    """How the result of a check is printed."""

    text = "text"
    json = "json"
    github = "github"


def check(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FOLDER]...",
            help="Folders of apps; every app in `specs` if none is named.",
            autocompletion=complete_app,
        ),
    ] = None,
    format: Annotated[
        ReportFormat, typer.Option("--format", help="`github` makes annotations of a pull request.")
    ] = ReportFormat.text,
) -> None:
    """Report every problem of apps.

    Each with its place and the way out.
    """
    from cli.checked_spec import check_folder

    checked = [check_folder(folder) for folder in folders or all_apps()]
    _PRINTERS[format](checked)
    raise typer.Exit(0 if all(each.deployable for each in checked) else BLOCKED)


def all_apps() -> list[Path]:
    """The apps of this checkout; Misused when there is none."""
    from settings import Settings

    specs = Settings().specs_folder
    found = spec_folder.apps_in(specs)
    if not found:
        raise Misused(f"there is no app in `{specs}`", f"name a folder, or make one with `writ new {specs}/my_app`")
    return found


def report(checked: CheckedSpec) -> dict[str, Any]:
    """What programs read: the colour, findings and problems of an app, and its digests when it has a release."""
    from cli.report.document import reported_finding, reported_problem

    found: dict[str, Any] = {
        "colour": str(checked.colour),
        "deployable": checked.deployable,
        "findings": [reported_finding(finding).model_dump(mode="json") for finding in checked.judgement.findings],
        "problems": [reported_problem(problem).model_dump(mode="json") for problem in checked.problems],
        "folder": str(checked.folder),
    }
    if checked.release is not None:
        from writ.digest import digest
        from writ.plan.release import release_digest

        tools = {name: digest(plan.model_dump(mode="json")) for name, plan in sorted(checked.release.tools.items())}
        found |= {"app": checked.release.app, "digest": release_digest(checked.release), "tools": tools}
    return found


def _print_json(checked: list[CheckedSpec]) -> None:
    from cli.terminal import print_json

    reports = [report(each) for each in checked]
    print_json(reports[0] if len(reports) == 1 else reports)


def _print_github(checked: list[CheckedSpec]) -> None:
    from cli.report.github import finding_annotation, problem_annotation

    for each in checked:
        for problem in each.problems:
            print(problem_annotation(problem))
        for finding in each.judgement.open:
            print(finding_annotation(finding))


def _print_text(checked: list[CheckedSpec]) -> None:
    from cli.checked_spec import show_problems

    show_problems(checked, on_stdout=True)
    for each in checked:
        print(summary(each))


def summary(checked: CheckedSpec) -> str:
    """The result in one line."""
    if checked.release is None:
        return f"{checked.folder}: {checked.obstacles()}"
    from writ.plan.release import release_digest

    release = checked.release
    tools, entities = len(release.tools), len(release.entities)
    size = f"{tools} tool{'s' if tools != 1 else ''}, {entities} entit{'ies' if entities != 1 else 'y'}"
    return f"{checked.folder}: {checked.colour}, {size}, release {release_digest(release)}"


_PRINTERS = {ReportFormat.text: _print_text, ReportFormat.json: _print_json, ReportFormat.github: _print_github}
