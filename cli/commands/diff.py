"""`writ diff`: the risk of a change between two versions of an app."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli.completion import complete_app
from cli.endings import BLOCKED

if TYPE_CHECKING:
    from cli.diffing.comparison import Comparison


class DiffFormat(StrEnum):
    """How a comparison is printed."""

    text = "text"
    json = "json"
    github = "github"
    markdown = "markdown"


class FailOn(StrEnum):
    """The least level at which the command exits 1."""

    red = "red"
    yellow = "yellow"
    never = "never"


_HELP = "A folder, a folder in a git revision (`main:specs/clinic`), a release's digest or its beginning, or `active`."


def diff(
    old: Annotated[str, typer.Argument(help=_HELP, autocompletion=complete_app)],
    new: Annotated[str, typer.Argument(help="The same, for what it is compared with.", autocompletion=complete_app)],
    format: Annotated[
        DiffFormat,
        typer.Option("--format", help="`markdown` for a comment, `github` makes annotations of a pull request."),
    ] = DiffFormat.text,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="The level from which on it exits 1.")] = FailOn.red,
) -> None:
    """Show the risk of a change.

    Red gives more rights, takes a protection away or breaks; yellow needs a look; green is for information. Runs that
    wait are told of too.
    """
    from cli.diffing.comparison import compared
    from cli.versions.side import both_sides

    comparison = compared(*both_sides(old, new))
    _PRINTERS[format](comparison)
    raise typer.Exit(BLOCKED if _fails(comparison, fail_on) else 0)


def _fails(comparison: Comparison, fail_on: FailOn) -> bool:
    levels = {FailOn.red: ("red",), FailOn.yellow: ("red", "yellow"), FailOn.never: ()}
    return comparison.level.value in levels[fail_on]


def _print_text(comparison: Comparison) -> None:
    from cli.diffing.text import as_text
    from cli.terminal import console

    screen = console()
    print(as_text(comparison, colour=screen.is_terminal and screen.color_system is not None))


def _print_json(comparison: Comparison) -> None:
    from cli.diffing.document import report
    from cli.terminal import print_json

    print_json(report(comparison).model_dump(mode="json"))


def _print_github(comparison: Comparison) -> None:
    from cli.diffing.github import annotated

    for annotation in annotated(comparison):
        print(annotation)


def _print_markdown(comparison: Comparison) -> None:
    from cli.diffing.markdown import as_markdown

    print(as_markdown(comparison), end="")


_PRINTERS = {
    DiffFormat.text: _print_text,
    DiffFormat.json: _print_json,
    DiffFormat.github: _print_github,
    DiffFormat.markdown: _print_markdown,
}
