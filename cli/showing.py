"""What is wrong with checked apps, shown to whoever sits in front of the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.checked_spec import CheckedSpec
from cli.report.text import render_findings, render_problems
from cli.terminal import console
from cli.typed import as_typed
from writ.discretion import hidden_lines

if TYPE_CHECKING:
    from writ.nodes.typed import TypedApp
    from writ.plan.model import Release


def required(checked: CheckedSpec) -> tuple[TypedApp, Release]:
    """The app and its release; when there is none, shows why on stderr and raises CannotGoOn."""
    if checked.release is None:
        show_problems([checked])
    return checked.require()


def _problems(checked: CheckedSpec, *, colour: bool, width: int) -> str:
    hidden = hidden_lines(checked.judgement.findings)
    return (
        render_problems(checked.problems, checked.sources, colour=colour, width=width, hidden=hidden, typed=as_typed)
        + "\n"
    )


def show_problems(checked: Sequence[CheckedSpec], *, on_stdout: bool = False) -> None:
    """All problems and findings with their source lines, coloured on a terminal."""
    stream = sys.stdout if on_stdout else sys.stderr
    screen = console(stream)
    colour = screen.is_terminal and screen.color_system is not None
    width = screen.width if screen.is_terminal else 120
    for each in checked:
        accepted = {one.finding.fingerprint for one in each.judgement.acknowledged}
        if each.problems:
            stream.write(_problems(each, colour=colour, width=width))
        if each.judgement.findings:
            findings = each.judgement.findings
            told = render_findings(
                findings,
                each.sources,
                colour=colour,
                width=width,
                acknowledged=accepted,
                folder=str(each.folder),
                typed=as_typed,
            )
            stream.write(told + "\n")
        for part in each.not_yet:
            stream.write(f"not yet: {part.span}: {part.message}\n")
    stream.flush()
