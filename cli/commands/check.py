"""`writ check`: everything that is wrong or unsafe in apps."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    sarif = "sarif"
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
        ReportFormat,
        typer.Option("--format", help="`sarif` for code scanning, `github` makes annotations of a pull request."),
    ] = ReportFormat.text,
    fix: Annotated[
        bool, typer.Option("--fix", help="Apply the fixes that are mechanical; comments and order stay.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="VERSION",
            help="Judge only what changed since a folder in a git revision (`main:specs/clinic`), a release "
            "(the beginning of its digest), `active` or a folder.",
        ),
    ] = None,
) -> None:
    """Report every problem and every finding of the safety engine.

    Each with its place, how it goes wrong and the way out. Red blocks an app, and so does yellow until it is
    acknowledged.
    """
    from cli.checked_spec import check_folder
    from cli.fixing import fix_folder

    if fix and since is not None:
        raise Misused("`--fix` and `--since` do not go together", "fix first, then check what changed")
    look = fix_folder if fix else partial(check_folder, since=since)
    checked = [look(folder) for folder in folders or all_apps()]
    _PRINTERS[format](checked)
    raise typer.Exit(0 if all(each.passed for each in checked) else BLOCKED)


def all_apps() -> list[Path]:
    """The apps of this checkout; Misused when there is none."""
    from settings import Settings

    specs = Settings().specs_folder
    found = spec_folder.apps_in(specs)
    if not found:
        raise Misused(f"there is no app in `{specs}`", f"name a folder, or make one with `writ new {specs}/my_app`")
    return found


def _print_json(checked: list[CheckedSpec]) -> None:
    from cli.report.of_check import json_report
    from cli.terminal import print_json

    print_json(json_report(checked))


def _print_sarif(checked: list[CheckedSpec]) -> None:
    from cli.report.of_check import sarif_log
    from cli.terminal import print_json

    print_json(sarif_log(checked))


def _print_github(checked: list[CheckedSpec]) -> None:
    from cli.report.of_check import github_annotations

    for annotation in github_annotations(checked):
        print(annotation)


def _print_text(checked: list[CheckedSpec]) -> None:
    from cli.report.of_check import summary
    from cli.showing import show_problems

    show_problems(checked, on_stdout=True)
    for each in checked:
        print(summary(each))


_PRINTERS = {
    ReportFormat.text: _print_text,
    ReportFormat.json: _print_json,
    ReportFormat.sarif: _print_sarif,
    ReportFormat.github: _print_github,
}
