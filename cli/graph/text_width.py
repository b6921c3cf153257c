"""How wide a text is drawn, and where it is broken: from a table, because nothing is asked of the machine it is on.

The table holds the widths of a wide typeface, so that what fits by it fits in the typefaces of all common systems.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_BY_WIDTH = {
    0.0: "",
    0.29: "ijlI'J",
    0.34: ".,:;|! /·\\",
    0.41: "()[]tfr-",
    0.55: 'csz"_?*`',
    0.63: "abdeghknopquvxyLFTEPZ0123456789$#{}",
    0.70: "ABCKRSXYVU~&",
    0.80: "wDGHNOQ=<>+^≤≥≠",
    0.99: "mMW@%…→—\ufffd",
}
_WIDTHS = {character: width for width, characters in _BY_WIDTH.items() for character in characters}
_OTHER = 0.75
_FULL = 1.05
_MONO = 0.62
_MONO_FULL = 1.3
_BOLD = 1.12
_BREAKS_AFTER = " _.,:/-=>("


@dataclass(frozen=True, slots=True)
class Typeface:
    """A size in pixels, and the kind of letters."""

    size: float
    bold: bool = False
    mono: bool = False

    @property
    def line(self) -> float:
        """The height of a line, in pixels."""
        return round(self.size * 1.4, 1)


def width(text: str, face: Typeface) -> float:
    """The most pixels that the text takes."""
    return sum(_character(one, face.mono) for one in text) * face.size * (_BOLD if face.bold else 1)


def wrapped(text: str, face: Typeface, room: float, most: int) -> tuple[str, ...]:
    """The text in lines that are at most `room` pixels wide; where it needs more than `most`, the last ends in `…`."""
    lines: list[str] = []
    rest = " ".join(printable(text).split())
    while rest:
        if len(lines) == most - 1 and width(rest, face) > room:
            end = _fitting(rest, face, room - width("…", face))
            return (*lines, rest[:end].rstrip() + "…")
        end = _breaking(rest, _fitting(rest, face, room))
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return tuple(lines)


def _fitting(text: str, face: Typeface, room: float) -> int:
    """How many characters fit, at least one."""
    used = 0.0
    for number, character in enumerate(text):
        used += width(character, face)
        if used > room and number:
            return number
    return len(text)


def _breaking(text: str, end: int) -> int:
    """Where to break at the latest `end`: behind a space or a sign, unless that leaves less than a half."""
    if end >= len(text):
        return end
    spaces = text.rfind(" ", 0, end + 1) + 1
    if spaces > end // 2:
        return min(spaces, end) if spaces <= end else end
    found = max(text.rfind(sign, 0, end) for sign in _BREAKS_AFTER) + 1
    return found if found > end // 2 else end


def _character(character: str, mono: bool) -> float:
    if unicodedata.combining(character):
        return 0.0
    full = unicodedata.east_asian_width(character) in "WF"
    if mono:
        return _MONO_FULL if full or ord(character) > 0x2FFF else _MONO
    return _FULL if full else _WIDTHS.get(character, _OTHER)


def printable(text: str) -> str:
    """The text without what XML cannot hold and without signs that turn the direction of what follows."""
    return "".join(one if _is_shown(one) else "\ufffd" for one in text)


def _is_shown(character: str) -> bool:
    return character == "\n" or unicodedata.category(character) not in ("Cc", "Cs", "Cf", "Cn", "Zl", "Zp")
