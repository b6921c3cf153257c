"""How large a box is for its words, and where they stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cli.graph.drawing import CHIP, FACES, LABEL, Chip, Tag, TagKind, TextKind, Words
from cli.graph.model import Box, Mark
from cli.graph.text_width import width, wrapped

MOST = 270
"""Pixels that a line of words in a box may take."""

_LEAST = 120
_PADDING = 14
_CHIP_HEIGHT = 17
_CHIP_GAP = 5
_LINES: dict[TextKind, int] = {"word": 1, "name": 3, "detail": 3}
_SLANTS = {"choice": 16, "outside": 12, "check": 8, "emit": 14, "wait": 8, "payment": 6, "call": 8, "answer": 8}
"""How far the left and right edges of an outline come in, where no words may stand."""


@dataclass(frozen=True, slots=True)
class Content:
    """Words and chips as they stand from the upper left of a box, and its size."""

    width: float
    height: float
    words: tuple[Words, ...]
    chips: tuple[Chip, ...]


def content(box: Box, *, room: float = MOST, least: float = _LEAST) -> Content:
    """The words of a box placed; `room` is what a line may take at most, `least` its least width."""
    slant = _SLANTS.get(box.role, 0)
    told = [(box.word, "word")] if box.word != box.title else []
    told += [(box.title, "name"), *((line, "detail") for line in box.lines)]
    return placed(told, box.notes, box.marks, room=room, inset=_PADDING + slant, least=least)


def placed(
    told: Sequence[tuple[str, str]],
    notes: Sequence[str],
    marks: Sequence[Mark],
    *,
    room: float = MOST,
    inset: float = _PADDING,
    least: float = _LEAST,
) -> Content:
    """Texts with their kinds one below the other, and chips below them."""
    words: list[Words] = []
    y = 8.0
    for text, kind in _broken(told, room):
        y += FACES[kind].line
        words.append(Words(inset, round(y - FACES[kind].size * 0.3, 1), text, kind))
    widest = max((width(one.text, FACES[one.kind]) for one in words), default=0)
    chips = tuple(_chips(notes, marks, inset, y + 6, max(widest, min(room, _in_one_row(notes, marks)))))
    bottom = max((chip.y + chip.height for chip in chips), default=y)
    inner = max([widest, *(chip.x + chip.width - inset for chip in chips)])
    return Content(max(least, round(inner + 2 * inset)), round(bottom + 10), tuple(words), chips)


def tag(text: str, kind: TagKind, *, room: float = 190, most: int = 3) -> Tag:
    """Words on a field of their own, around the point (0, 0) as the middle of its upper edge."""
    lines = wrapped(text, LABEL, room, most)
    wide = round(max((width(line, LABEL) for line in lines), default=0) + 14)
    return Tag(-wide / 2, 0, wide, round(len(lines) * LABEL.line + 5), lines, kind, text)


def _broken(told: Sequence[tuple[str, str]], room: float) -> Iterator[tuple[str, TextKind]]:
    for text, kind in told:
        named: TextKind = "word" if kind == "word" else "name" if kind == "name" else "detail"
        for line in wrapped(text, FACES[named], room, _LINES[named]):
            yield line, named


def _chip_width(text: str) -> float:
    return round(width(text, CHIP) + 12)


def _in_one_row(notes: Sequence[str], marks: Sequence[Mark]) -> float:
    return sum(_chip_width(text) + _CHIP_GAP for text in (*notes, *(mark.rule for mark in marks)))


def _chips(notes: Sequence[str], marks: Sequence[Mark], left: float, top: float, room: float) -> Iterator[Chip]:
    x, y = left, top
    every: list[tuple[str, Mark | None]] = [*((note, None) for note in notes), *((mark.rule, mark) for mark in marks)]
    for text, mark in every:
        wide = _chip_width(text)
        if x > left and x + wide > left + room:
            x, y = left, y + _CHIP_HEIGHT + _CHIP_GAP
        yield Chip(x, y, wide, _CHIP_HEIGHT, text, mark)
        x += wide + _CHIP_GAP
