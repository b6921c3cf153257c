"""A source line as a reader sees it: cut to the terminal, with a caret below what is meant, and nothing obeyed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import NamedTuple

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

_CONCEALED = "(this line holds a secret and is not shown)"

_RESET = "\x1b[0m"
BOLD, RED, YELLOW, BLUE = "\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m"


class Ink(NamedTuple):
    """Puts words into colour, or leaves them as they are."""

    colour: bool

    def __call__(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self.colour and text else text


class Page(NamedTuple):
    """What reports are drawn with: the lines of each file by its path, the ink, the columns of the terminal, and the
    lines (file and number) that hold a secret and are not shown.
    """

    lines: Mapping[str, list[str]]
    ink: Ink
    width: int
    hidden: Collection[tuple[str, int]]


def page(sources: Mapping[str, str], *, colour: bool, width: int, hidden: Collection[tuple[str, int]] = ()) -> Page:
    """The page for these files. A file that is not there is shown without its lines."""
    lines = {file: _LINE_BREAK.split(text.removeprefix("\ufeff")) for file, text in sources.items()}
    return Page(lines, Ink(colour), width, hidden)


def source_lines(
    span: Span, margin: str, page: Page, *, mark: str = "^", code: str = RED, label: str = ""
) -> list[str]:
    """The line of a span with a caret (or another `mark`, in colour `code`) below it; none where it is not there.

    `margin` is as wide as the line numbers; `label` stands behind the mark.
    """
    lines = page.lines.get(span.file, [])
    if not 1 <= span.line <= len(lines):
        return []
    if (span.file, span.line) in page.hidden:
        return [f"{margin} {page.ink(BLUE, '|')} {_CONCEALED}"]
    room = max(_WIDTH_AT_LEAST, page.width - len(margin) - 3)
    shown = _cut(_Shown.of(span, lines[span.line - 1]), room)
    bar = page.ink(BLUE, "|")
    words = f"{mark * max(1, _columns(shown.marked))} {showable(label)}".rstrip()
    text = (shown.before + shown.marked + shown.after).rstrip()
    return [
        f"{margin} {bar}",
        f"{page.ink(BLUE, str(span.line).rjust(len(margin)))} {bar} {text}".rstrip(),
        f"{margin} {bar} {' ' * _columns(shown.before)}{page.ink(code, words)}",
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
    return showable(text.replace("\t", _TAB))


def showable(text: str) -> str:
    """The text with what could command a terminal shown as its code."""
    return _UNSHOWABLE.sub(lambda found: f"\\u{{{ord(found.group()):x}}}", text)
