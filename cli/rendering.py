"""How problems look: as text with the source line and a caret, as JSON, and as annotations of a pull request."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from writ.problems import Problem
from writ.source import Span

_TAB = "    "
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
# Control characters, line separators and what reverses the direction of text: shown, never obeyed by a terminal.
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_WITHOUT_WIDTH = frozenset({"Mn", "Me", "Cf"})
_ELLIPSIS = "…"
_WIDTH_AT_LEAST = 20
# More characters than any terminal shows beside a caret: a line of a megabyte is not measured to its end.
_REACH = 2_000

_RESET, _BOLD, _RED, _BLUE = "\x1b[0m", "\x1b[1m", "\x1b[1;31m", "\x1b[1;34m"


class _Ink(NamedTuple):
    """Puts words into colour, or leaves them as they are."""

    colour: bool

    def __call__(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self.colour and text else text


def render_problems(problems: Iterable[Problem], sources: Mapping[str, str], *, colour: bool, width: int = 120) -> str:
    """The problems one below the other, each with its place, its source line, a caret and help.

    `sources` holds the text of each file by the path that spans name; a file that is not there is shown without its
    line. `width` is that of the terminal in columns: a longer source line is cut around the caret.
    """
    lines = {file: _LINE_BREAK.split(text.removeprefix("\ufeff")) for file, text in sources.items()}
    return "\n".join(_rendered(problem, lines, _Ink(colour), width) for problem in problems)


def problems_json(problems: Iterable[Problem]) -> list[dict[str, str | int]]:
    """The problems for programs; `line`, `column` and `length` count characters, from 1."""
    return [
        {
            "code": problem.code,
            "file": problem.span.file,
            "line": problem.span.line,
            "column": problem.span.column,
            "length": problem.span.length,
            "message": problem.message,
            "help": problem.help,
        }
        for problem in problems
    ]


def github_annotation(problem: Problem) -> str:
    """The workflow command that makes GitHub show the problem beside the line.

    Follows https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
    """
    span = problem.span
    properties = {
        "file": span.file,
        "line": str(span.line),
        "col": str(span.column),
        "endColumn": str(span.column + span.length),
        "title": problem.code,
    }
    listed = ",".join(f"{name}={_command_property(value)}" for name, value in properties.items())
    message = f"{problem.message}\nhelp: {problem.help}" if problem.help else problem.message
    return f"::error {listed}::{_command_data(message)}"


def _command_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _command_property(text: str) -> str:
    return _command_data(text).replace(":", "%3A").replace(",", "%2C")


def _rendered(problem: Problem, lines: Mapping[str, list[str]], ink: _Ink, width: int) -> str:
    span = problem.span
    margin = " " * len(str(span.line))
    head = f"{ink(_RED, f'error[{problem.code}]')}{ink(_BOLD, ': ' + _showable(problem.message))}"
    parts = [head, f"{margin}{ink(_BLUE, '-->')} {_showable(str(span))}"]
    parts += _source_lines(span, lines.get(span.file, []), margin, ink, width)
    if problem.help:
        parts.append(f"{margin} {ink(_BLUE, '=')} {ink(_BOLD, 'help:')} {_showable(problem.help)}")
    return "\n".join(parts) + "\n"


def _source_lines(span: Span, lines: list[str], margin: str, ink: _Ink, width: int) -> list[str]:
    if not 1 <= span.line <= len(lines):
        return []
    room = max(_WIDTH_AT_LEAST, width - len(margin) - 3)
    shown = _cut(_Shown.of(span, lines[span.line - 1]), room)
    bar = ink(_BLUE, "|")
    caret = " " * _columns(shown.before) + ink(_RED, "^" * max(1, _columns(shown.marked)))
    code = (shown.before + shown.marked + shown.after).rstrip()
    return [
        f"{margin} {bar}",
        f"{ink(_BLUE, str(span.line))} {bar} {code}".rstrip(),
        f"{margin} {bar} {caret}",
    ]


class _Shown(NamedTuple):
    """A source line in three parts, as it appears on the screen."""

    before: str
    marked: str
    after: str

    @classmethod
    def of(cls, span: Span, line: str) -> _Shown:
        start = min(span.column - 1, len(line))
        end = min(start + span.length, len(line))
        # An accent that belongs to the last marked character is marked with it.
        while start < end < len(line) and unicodedata.combining(line[end]):
            end += 1
        near = line[max(0, start - _REACH) : start], line[start : min(end, start + _REACH)], line[end : end + _REACH]
        return cls(*(_displayed(part) for part in near))


def _cut(shown: _Shown, room: int) -> _Shown:
    """At most `room` columns of the line, with the beginning of the marked part among them."""
    before, marked, after = shown
    # A caret behind the end of the line takes a column too.
    if _columns(before + (marked or " ") + after) <= room:
        return shown
    if _columns(before) > room // 2:
        before = _ELLIPSIS + _ending(before, room // 2 - 1)
    left = room - _columns(before)
    if _columns(marked) > left:
        return _Shown(before, _beginning(marked, left - 1), _ELLIPSIS)
    left -= _columns(marked)
    return _Shown(before, marked, after if _columns(after) <= left else _beginning(after, left - 1) + _ELLIPSIS)


def _beginning(text: str, columns: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += _columns(character)
        if used > columns:
            return text[:index]
    return text


def _ending(text: str, columns: int) -> str:
    used = 0
    for index in range(len(text) - 1, -1, -1):
        used += _columns(text[index])
        if used > columns:
            return text[index + 1 :]
    return text


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(_character_columns(character) for character in text)


def _character_columns(character: str) -> int:
    if unicodedata.category(character) in _WITHOUT_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _displayed(text: str) -> str:
    return _showable(text.replace("\t", _TAB))


def _showable(text: str) -> str:
    return _UNSHOWABLE.sub(lambda found: f"\\u{{{ord(found.group()):x}}}", text)
