"""How problems and findings look to a reader: each with its place, the source line, a caret, how it goes wrong and the
way out.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from cli.report.source_lines import BLUE, BOLD, RED, YELLOW, Page, page, showable, source_lines
from writ.discretion import hidden_lines
from writ.findings import Colour, Finding, Related
from writ.problems import Problem
from writ.rules.catalogue import RULES
from writ.source import Span

_INK = {Colour.red: RED, Colour.yellow: YELLOW}
_EXPLAINED = frozenset(rule.id for rule in RULES)
"""The rules that have a page; those of an app's own have none."""


def render_problems(
    problems: Iterable[Problem],
    sources: Mapping[str, str],
    *,
    colour: bool,
    width: int = 120,
    hidden: Collection[tuple[str, int]] = (),
    typed: Callable[[str], str] = str,
) -> str:
    """The problems one below the other, each with its place, its source line, a caret and help.

    `sources` holds the text of each file by the path that spans name; a file that is not there is shown without its
    line. `width` is that of the terminal in columns: a longer source line is cut around the caret. `hidden` are the
    lines (file and number) that hold a secret; `typed` writes commands as they are typed here.
    """
    drawn = page(sources, colour=colour, width=width, hidden=hidden)
    return "\n".join(_problem(problem, drawn, typed) for problem in problems)


def render_findings(
    findings: Iterable[Finding],
    sources: Mapping[str, str],
    *,
    colour: bool,
    width: int = 120,
    acknowledged: Collection[str] = (),
    folder: str = "",
    typed: Callable[[str], str] = str,
) -> str:
    """The findings one below the other, as problems are, with related lines, how it goes wrong, and what to do.

    `acknowledged` are the fingerprints of those that somebody has accepted: they are told in one line each. `folder` is
    that of the app, for commands that are named as a way out; `typed` writes them as they are typed here.
    """
    told = list(findings)
    drawn = page(sources, colour=colour, width=width, hidden=hidden_lines(told))
    return "\n".join(
        _accepted(finding, drawn) if finding.fingerprint in acknowledged else _finding(finding, drawn, folder, typed)
        for finding in told
    )


def _problem(problem: Problem, page: Page, typed: Callable[[str], str]) -> str:
    margin = _margin(problem.span)
    parts = [_head("error", problem.code, problem.message, RED, page), _place(problem.span, margin, page)]
    parts += source_lines(problem.span, margin, page)
    if problem.help:
        parts.append(_note("help", typed(problem.help), margin, page))
    return "\n".join(parts) + "\n"


def _finding(finding: Finding, page: Page, folder: str, typed: Callable[[str], str]) -> str:
    margin = _margin(finding.span, *(related.span for related in finding.related))
    ink = _INK[finding.colour]
    parts = [
        _head(str(finding.colour), f"{finding.rule} {finding.name}", finding.message, ink, page),
        _place(finding.span, margin, page),
    ]
    parts += source_lines(finding.span, margin, page, code=ink)
    for related in finding.related:
        parts += _related(related, finding, margin, page)
    parts += _goes_wrong(finding.witness, margin, page)
    parts += [_note(label, typed(text), margin, page) for label, text in _ways_out(finding, folder)]
    return "\n".join(parts) + "\n"


def _ways_out(finding: Finding, folder: str) -> Iterator[tuple[str, str]]:
    app = f" {shlex.quote(folder)}" if folder else ""
    if finding.help:
        yield "help", finding.help
    if finding.fix is not None:
        yield "fix", f"`writ check{app} --fix` can {finding.fix.title}"
    if finding.rule in _EXPLAINED:
        yield "more", f"`writ explain {finding.rule}`"
    if finding.colour is Colour.yellow and not finding.rule.startswith("ACK"):
        yield "or", f"`writ acknowledge {finding.fingerprint}{app} --reason … --until …`"


def _accepted(finding: Finding, page: Page) -> str:
    head = page.ink(BOLD, f"acknowledged[{finding.rule} {finding.name}]")
    return f"{head}: {showable(finding.message)} {page.ink(BLUE, '-->')} {showable(str(finding.span))}\n"


def _related(related: Related, finding: Finding, margin: str, page: Page) -> list[str]:
    lines = source_lines(related.span, margin, page, mark="-", code=BLUE, label=related.message)
    if related.span.file != finding.span.file or not lines:
        head = f"{margin}{page.ink(BLUE, ':::')} {showable(str(related.span))}"
        lines = [head, *lines] if lines else [f"{head}: {showable(related.message)}"]
    return lines


def _goes_wrong(witness: Sequence[str], margin: str, page: Page) -> list[str]:
    if not witness:
        return []
    return [
        _note("how it goes wrong", "", margin, page),
        *(f"{margin}     {number}. {showable(moment)}" for number, moment in enumerate(witness, 1)),
    ]


def _margin(*spans: Span) -> str:
    return " " * max(len(str(span.line)) for span in spans)


def _head(word: str, code: str, message: str, ink: str, page: Page) -> str:
    return f"{page.ink(ink, f'{word}[{code}]')}{page.ink(BOLD, ': ' + showable(message))}"


def _place(span: Span, margin: str, page: Page) -> str:
    return f"{margin}{page.ink(BLUE, '-->')} {showable(str(span))}"


def _note(label: str, text: str, margin: str, page: Page) -> str:
    return f"{margin} {page.ink(BLUE, '=')} {page.ink(BOLD, label + ':')} {showable(text)}".rstrip()
