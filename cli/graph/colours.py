"""How pictures are coloured, by day and by night: the style sheet of every SVG, without variables, which few readers of
SVG know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Palette:
    ground: str
    ink: str
    muted: str
    line: str
    failure: str
    undo: str
    red: str
    yellow: str
    on_mark: str
    roles: Mapping[str, tuple[str, str]]


_DAY = _Palette(
    ground="#ffffff",
    ink="#1c2430",
    muted="#5a6676",
    line="#66758a",
    failure="#a15c00",
    undo="#7d3fb0",
    red="#c62828",
    yellow="#a86a00",
    on_mark="#ffffff",
    roles={
        "start": ("#2b3a4f", "#2b3a4f"),
        "value": ("#f5f6f8", "#8f9bab"),
        "read": ("#eaf3fd", "#4a86c5"),
        "write": ("#e5f5ea", "#2e8b57"),
        "check": ("#f3f0fb", "#7a67b8"),
        "choice": ("#f3f0fb", "#7a67b8"),
        "emit": ("#e3f6f6", "#23878c"),
        "outside": ("#fff1de", "#c4761b"),
        "payment": ("#fff6c9", "#a58300"),
        "approval": ("#fde9f1", "#bd3f74"),
        "wait": ("#eef0f3", "#717e8e"),
        "call": ("#e9ecfd", "#4c5fc4"),
        "answer": ("#2e7d4f", "#2e7d4f"),
        "refusal": ("#f8e4e0", "#a8493a"),
        "stop": ("#f0e9e2", "#8a6d4d"),
        "undo": ("#f6effb", "#7d3fb0"),
        "transaction": ("#f8fbf9", "#6aa684"),
        "parallel": ("#fafafc", "#99a3b3"),
        "each": ("#fafafc", "#99a3b3"),
        "state": ("#eaf3fd", "#4a86c5"),
    },
)
_NIGHT = _Palette(
    ground="#12161c",
    ink="#e6ebf2",
    muted="#a3b0c0",
    line="#8593a6",
    failure="#e0a052",
    undo="#c493ea",
    red="#ff6b63",
    yellow="#e8b13a",
    on_mark="#12161c",
    roles={
        "start": ("#d5deea", "#d5deea"),
        "value": ("#20262f", "#6c7889"),
        "read": ("#172a3f", "#5f9fe0"),
        "write": ("#15301f", "#4cb47b"),
        "check": ("#272040", "#a08fdd"),
        "choice": ("#272040", "#a08fdd"),
        "emit": ("#10302f", "#45b3b8"),
        "outside": ("#3a2710", "#e39a42"),
        "payment": ("#353006", "#d8b71f"),
        "approval": ("#3c1728", "#ec74a4"),
        "wait": ("#272c34", "#8f9cad"),
        "call": ("#1d234a", "#8797f2"),
        "answer": ("#6fcf97", "#6fcf97"),
        "refusal": ("#3c1d18", "#e58573"),
        "stop": ("#302820", "#bd9c78"),
        "undo": ("#2c1c3a", "#c493ea"),
        "transaction": ("#141d1a", "#4f8d6b"),
        "parallel": ("#171b22", "#677387"),
        "each": ("#171b22", "#677387"),
        "state": ("#172a3f", "#5f9fe0"),
    },
)
_FILLED = ("start", "answer")

_FORM = """
.picture text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;font-size:11px}
.picture text.word{font-size:10px}
.picture text.name{font-size:13px;font-weight:700}
.picture text.detail{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.picture text.chip,.picture text.note{font-size:10px;font-weight:700}
.picture text.centred{text-anchor:middle}
.picture .outline{stroke-width:1.4}
.picture .frame>.outline{stroke-width:1.6}
.picture .parallel>.outline,.picture .each>.outline,.picture .undo>.outline{stroke-dasharray:5 4}
.picture .red>.outline,.picture .yellow>.outline{stroke-width:3}
.picture .rule{fill:none;stroke-width:1}
.picture .line{fill:none;stroke-width:1.6}
.picture .line.undo{stroke-dasharray:5 4}
.picture .line.failure{stroke-dasharray:none}
.picture .line.unperformed{stroke-dasharray:3 4}
.picture .tag rect{stroke-width:1}
.picture a{cursor:pointer;text-decoration:none}
.picture a:focus{outline:none}
.picture a:focus>.outline,.picture .hit>.outline{stroke-width:5}
"""


def style_sheet() -> str:
    """The style of all pictures: light, and dark where the reader wants it and does not print."""
    night = "\n".join(_rules(_NIGHT))
    return "\n".join([_FORM.strip(), *_rules(_DAY), f"@media screen and (prefers-color-scheme:dark){{\n{night}\n}}"])


def _rules(palette: _Palette) -> Iterator[str]:
    yield f".picture .ground{{fill:{palette.ground}}}"
    yield f".picture text{{fill:{palette.ink}}}"
    yield f".picture text.word{{fill:{palette.muted}}}"
    for role, (fill, stroke) in palette.roles.items():
        yield f".picture .{role}>.outline{{fill:{fill};stroke:{stroke}}}.picture .{role}>.rule{{stroke:{stroke}}}"
    filled = ",".join(f".picture .{role}>text:not(.label)" for role in _FILLED)
    yield f"{filled}{{fill:{palette.ground}}}"
    yield from _lines(palette)
    yield from _tags(palette)
    for colour, shown in (("red", palette.red), ("yellow", palette.yellow)):
        yield f".picture .{colour}>.outline{{stroke:{shown}}}"
        yield f".picture .chip.{colour} rect{{fill:{shown};stroke:none}}"
        yield f".picture .chip.{colour} text{{fill:{palette.on_mark}}}"


def _lines(palette: _Palette) -> Iterator[str]:
    for kind, shown in (("failure", palette.failure), ("undo", palette.undo), ("unperformed", palette.muted)):
        yield f".picture .line.{kind}{{stroke:{shown}}}.picture .head.{kind}{{fill:{shown}}}"
    for kind in ("flow", "way", "loop"):
        yield f".picture .line.{kind}{{stroke:{palette.line}}}.picture .head.{kind}{{fill:{palette.line}}}"
    yield f".picture .dot{{fill:{palette.line}}}"
    yield f".picture .dot.ring{{fill:none;stroke:{palette.line};stroke-width:1.6}}"
    yield f".picture .dot.commit{{fill:{palette.roles['write'][1]};stroke:{palette.ground};stroke-width:2}}"


def _tags(palette: _Palette) -> Iterator[str]:
    yield f".picture .tag rect{{fill:{palette.ground};stroke:{palette.line}}}"
    yield f".picture .tag.failure rect{{stroke:{palette.failure}}}.picture .tag.failure text{{fill:{palette.failure}}}"
    yield f".picture .tag.unperformed rect{{stroke:{palette.muted};stroke-dasharray:3 3}}"
    yield f".picture .tag.unperformed text{{fill:{palette.muted}}}"
    fill, stroke = palette.roles["refusal"]
    yield f".picture .tag.refusal rect{{fill:{fill};stroke:{stroke}}}"
    written = palette.roles["write"][1]
    yield f".picture .tag.commit rect{{stroke:{written}}}.picture .tag.commit text{{fill:{written}}}"
    yield f".picture .chip.note rect{{fill:{palette.ink};stroke:none}}.picture .chip.note text{{fill:{palette.ground}}}"
    yield f".picture .chip.accepted rect{{fill:none;stroke:{palette.muted}}}"
    yield f".picture .chip.accepted text{{fill:{palette.muted}}}"
