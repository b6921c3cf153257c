"""Where each character of a scalar's value stands in the text it was written as.

A value differs from its text by escapes, doubled quotes, folded lines and indentation. The way back is found by walking
the text and asking of each piece only how many characters of the value it stands for. The sum is compared with the
value, so a text this walk does not understand gives no answer instead of a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Notation = Literal["plain", "single", "double", "block"]

_BREAK = r"(?:\r\n|\r|\n)"
# The possessive quantifiers keep a long run of blanks from being walked once per blank.
_FOLD = rf"[ \t]*+{_BREAK}(?:[ \t]*+{_BREAK})*+[ \t]*+"
_BREAKS = re.compile(_BREAK)
_PIECE: dict[Notation, re.Pattern[str]] = {
    "plain": re.compile(rf"(?P<fold>{_FOLD})|[ \t]++|."),
    "single": re.compile(rf"(?P<fold>{_FOLD})|[ \t]++|(?P<one>'')|."),
    "double": re.compile(
        rf"(?P<joined>\\{_BREAK}(?:[ \t]*+{_BREAK})*+[ \t]*+)|(?P<fold>{_FOLD})|[ \t]++"
        r"|(?P<one>\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\.)|."
    ),
}


def value_places(notation: Notation, text: str, value: str) -> list[int] | None:
    """For each character of `value` its index in `text`, and last the index behind the value; None if unknown.

    `text` is what stands in the file, quotes and block indicator included.
    """
    if notation == "block":
        return _block_places(text, value)
    inner = 0 if notation == "plain" else 1
    end = len(text) - inner
    places = [place for piece in _PIECE[notation].finditer(text, inner, end) for place in _places_of(piece)]
    return [*places, end] if len(places) == len(value) else None


def _places_of(piece: re.Match[str]) -> Iterator[int]:
    start = piece.start()
    match piece.lastgroup:
        case "one":
            yield start
        case "fold":
            breaks = len(_BREAKS.findall(piece.group()))
            yield from [start] * max(1, breaks - 1)
        case "joined":
            yield from [start] * (len(_BREAKS.findall(piece.group())) - 1)
        case _:
            yield from range(start, piece.end())


def _block_places(text: str, value: str) -> list[int] | None:
    places: list[int] = []
    indent: int | None = None
    for start, line in _content_lines(text):
        if indent is None:
            if not line.strip(" "):
                continue
            indent = max(0, _indentation(line, value))
        content = line[indent:]
        if not content:
            continue
        while len(places) < len(value) and not value.startswith(content, len(places)):
            if value[len(places)] not in " \n":
                return None
            places.append(start)
        places.extend(range(start + indent, start + len(line)))
    end = places[-1] + 1 if places else len(text)
    places.extend([end] * (len(value) - len(places)))
    return [*places, end] if len(places) == len(value) else None


def block_start(text: str, value: str) -> int | None:
    """The index in `text` at which the first line with any content of a block scalar begins, behind its indentation."""
    for start, line in _content_lines(text):
        if line.strip(" "):
            return start + max(0, _indentation(line, value))
    return None


def _content_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines below the block indicator, each with its index in the text."""
    found = _BREAKS.search(text)
    while found:
        start = found.end()
        found = _BREAKS.search(text, start)
        yield start, text[start : found.start() if found else len(text)]


def _indentation(line: str, value: str) -> int:
    """How many blanks of the first written line are indentation: those which its value does not have."""
    kept = value.lstrip("\n")
    return (len(line) - len(line.lstrip(" "))) - (len(kept) - len(kept.lstrip(" ")))
