"""What the outlines of a picture mean: a row for each that is in it, below the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cli.graph.drawing import FACES, Drawing, Item, Part, Words
from cli.graph.model import Box, Role
from cli.graph.text_width import width

MEANINGS: dict[Role, str] = {
    "transaction": "transaction, committed as a whole",
    "read": "reads rows",
    "write": "changes rows",
    "check": "must hold, or the run is refused",
    "choice": "one way or another",
    "value": "computes",
    "emit": "event",
    "outside": "calls a service outside",
    "payment": "moves money",
    "approval": "people decide",
    "wait": "waits",
    "call": "calls another tool",
    "parallel": "at the same time",
    "each": "once for each",
    "undo": "takes back what was done, if the run stops later",
    "answer": "answers",
    "refusal": "refuses",
    "stop": "the run stops",
}
_ROW = 22
_SAMPLE = 30
_COLUMN_GAP = 18
_MARGIN = 24


def legend(drawing: Drawing) -> Drawing:
    """The picture with its legend below it."""
    roles = [role for role in MEANINGS if any(part.role == role for part in drawing.parts)]
    if not roles:
        return drawing
    column = _SAMPLE + 8 + max(width(MEANINGS[role], FACES["label"]) for role in roles) + _COLUMN_GAP
    columns = max(1, min(len(roles), int((drawing.width - 2 * _MARGIN + _COLUMN_GAP) // column)))
    items: list[Item] = list(drawing.items)
    for number, role in enumerate(roles):
        x = _MARGIN + (number % columns) * column
        items.append(_entry(role, x, drawing.height + (number // columns) * _ROW))
    rows = -(-len(roles) // columns)
    wide = max(drawing.width, 2 * _MARGIN + columns * column - _COLUMN_GAP)
    return replace(drawing, width=wide, height=drawing.height + rows * _ROW + _MARGIN / 2, items=tuple(items))


def legend_of(parts: Sequence[Part], wide: float = 1000) -> Drawing:
    """The legend alone, at most so many pixels wide, for pictures with these parts."""
    below = legend(Drawing(wide, _MARGIN, tuple(parts)))
    entries = tuple(item for item in below.items if item not in parts)
    return replace(below, items=entries)


def _entry(role: Role, x: float, y: float) -> Part:
    words = (Words(x + _SAMPLE + 8, y + 12, MEANINGS[role], "label"),)
    return Part(Box(f"legend-{role}", role, "legend", MEANINGS[role]), role, x, y, _SAMPLE, 16, words)
