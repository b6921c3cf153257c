"""A placed picture as SVG: nothing in it comes from elsewhere, and every text is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from cli.graph.colours import style_sheet
from cli.graph.drawing import FACES, Chip, Dot, Drawing, Line, Part, Tag, Words
from cli.graph.flow_layout import laid_out
from cli.graph.legend import legend, legend_of
from cli.graph.model import Box, FlowPicture, Picture
from cli.graph.outlines import curve, outline, rounded
from cli.graph.state_layout import laid_out as states_laid_out
from cli.graph.text_width import printable

_ARROWS = ("flow", "way", "failure", "loop", "undo", "unperformed")


def drawing_of(picture: Picture) -> Drawing:
    """The picture placed."""
    return laid_out(picture) if isinstance(picture, FlowPicture) else states_laid_out(picture)


def svg(picture: Picture) -> str:
    """A file of its own, with its legend below."""
    drawing = legend(drawing_of(picture))
    style = f"<style>{style_sheet()}</style>"
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _document(picture, drawing, style, links=False) + "\n"


def inline_svg(picture: Picture) -> str:
    """A part of a page that has the style already; a box with findings is a link to them."""
    return _document(picture, drawing_of(picture), "", links=True)


def _document(picture: Picture, drawing: Drawing, style: str, *, links: bool) -> str:
    wide, high = round(drawing.width), round(drawing.height)
    ids = f"{picture.id}-title {picture.id}-description"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {wide} {high}" width="{wide}" '
        f'height="{high}" role="{"group" if links else "img"}" aria-labelledby="{escape(ids)}">',
        f'<title id="{escape(picture.id)}-title">{text(picture.name)}</title>',
        f'<desc id="{escape(picture.id)}-description">{text(description(picture))}</desc>',
        style,
        *_arrow_heads(picture.id),
        f'<rect class="ground" width="{wide}" height="{high}"/>',
        *_items(picture.id, drawing, links),
        "</svg>",
    ]
    return "\n".join(filter(None, parts))


def legend_svg(pictures: Sequence[Picture]) -> str:
    """What the outlines of these pictures mean; empty where none needs it."""
    parts = tuple(part for picture in pictures for part in drawing_of(picture).parts)
    drawing = legend_of(parts)
    if not drawing.parts:
        return ""
    wide, high = round(drawing.width), round(drawing.height)
    head = f'<svg class="picture" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img">'
    ground = f'<rect class="ground" width="{wide}" height="{high}"/>'
    return "".join([head, "<title>legend</title>", ground, *_items("legend", drawing, False), "</svg>"])


def description(picture: Picture) -> str:
    """The picture in words, for who cannot see it."""
    if isinstance(picture, FlowPicture):
        told = " → ".join(box.heading for box in picture.boxes)
        return f"{picture.description} The flow: {told}."
    names = {state.id: state.name for state in picture.states}
    moves = "; ".join(
        f"{names[move.start]} to {names[move.end]} by {', '.join(move.tools) or 'no tool'}" for move in picture.moves
    )
    return f"{picture.description} " + (f"The states: {', '.join(names.values())}. {moves}." if names else "No states.")


def text(value: str) -> str:
    """Text that stands in a document as nothing but text."""
    return escape(printable(value))


def _arrow_heads(id: str) -> Iterator[str]:
    yield "<defs>"
    for kind in _ARROWS:
        yield (
            f'<marker id="{escape(id)}-{kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
            f'markerUnits="userSpaceOnUse" orient="auto"><path class="head {kind}" d="M0 0.8L10 5L0 9.2z"/></marker>'
        )
    yield "</defs>"


def _items(id: str, drawing: Drawing, links: bool) -> Iterator[str]:
    """Frames lie below lines, lines below boxes, and words on lines above all."""
    yield from (_part(part, links) for part in drawing.parts if part.frame)
    yield from (_line(item, id) for item in drawing.items if isinstance(item, Line))
    yield from (_part(part, links) for part in drawing.parts if not part.frame)
    yield from (_dot(item) for item in drawing.items if isinstance(item, Dot))
    yield from (_tag(item) for item in drawing.items if isinstance(item, Tag))


def _part(part: Part, links: bool) -> str:
    of = part.of
    classes = [part.role, *(["frame"] if part.frame else []), *([of.colour] if of.colour != "green" else [])]
    path = f'<path class="outline" d="{outline(part.role, part.x, part.y, part.width, part.height)}"/>'
    if part.frame:
        path += f'<path class="rule" d="M{part.x:g} {part.y + part.head:g}h{part.width:g}"/>'
    inside = "".join([_tooltip(part), path, *map(_words, part.words), *map(_chip, part.chips)])
    if links and of.marks:
        name = f' aria-label="{text(_spoken(part))}"'
        return f'<a id="{escape(of.id)}" class="{" ".join(classes)}" href="#{of.marks[0].id}"{name}>{inside}</a>'
    return f'<g id="{escape(of.id)}" class="{" ".join(classes)}">{inside}</g>'


def _tooltip(part: Part) -> str:
    found = [f"{mark.rule}: {mark.message}" for mark in part.of.marks]
    own = [part.of.heading, *part.of.lines] if isinstance(part.of, Box) else [part.of.name]
    return f"<title>{text(chr(10).join([*own, *found]))}</title>"


def _spoken(part: Part) -> str:
    what = part.of.heading if isinstance(part.of, Box) else f"state {part.of.name}"
    return f"{what}: {', '.join(f'{mark.colour} {mark.rule} {mark.message}' for mark in part.of.marks)}"


def _words(words: Words) -> str:
    centred = " centred" if words.centred else ""
    return f'<text class="{words.kind}{centred}" x="{words.x:g}" y="{words.y:g}">{text(words.text)}</text>'


def _chip(chip: Chip) -> str:
    kind = "note" if chip.mark is None else "accepted" if chip.mark.acknowledged else chip.mark.colour
    tooltip = f"<title>{text(f'{chip.mark.rule}: {chip.mark.message}')}</title>" if chip.mark else ""
    return (
        f'<g class="chip {kind}">{tooltip}<rect x="{chip.x:g}" y="{chip.y:g}" width="{chip.width:g}" '
        f'height="{chip.height:g}" rx="4"/><text class="chip centred" x="{chip.x + chip.width / 2:g}" '
        f'y="{chip.y + 12.3:g}">{text(chip.text)}</text></g>'
    )


def _line(line: Line, id: str) -> str:
    path = curve(line.points) if line.curved else rounded(line.points)
    arrow = f' marker-end="url(#{escape(id)}-{line.kind})"' if line.arrow else ""
    return f'<path class="line {line.kind}" d="{path}"{arrow}/>'


def _tag(tag: Tag) -> str:
    face = FACES["label"]
    lines = "".join(
        f'<text class="label centred" x="{tag.x + tag.width / 2:g}" '
        f'y="{tag.y + 2.5 + face.line * (number + 1) - 4:g}">{text(line)}</text>'
        for number, line in enumerate(tag.lines)
    )
    tooltip = f"<title>{text(tag.full)}</title>" if tag.full else ""
    return (
        f'<g class="tag {tag.kind}">{tooltip}<rect x="{tag.x:g}" y="{tag.y:g}" width="{tag.width:g}" '
        f'height="{tag.height:g}" rx="{min(tag.height / 2, 9):g}"/>{lines}</g>'
    )


def _dot(dot: Dot) -> str:
    if dot.kind == "bar":
        return f'<rect class="dot" x="{dot.x - dot.width / 2:g}" y="{dot.y - 2:g}" width="{dot.width:g}" height="4"/>'
    ring = f'<circle class="dot ring" cx="{dot.x:g}" cy="{dot.y:g}" r="8"/>' if dot.kind == "final" else ""
    radius = {"commit": 7, "initial": 7, "final": 4.5}[dot.kind]
    return ring + f'<circle class="dot {dot.kind}" cx="{dot.x:g}" cy="{dot.y:g}" r="{radius}"/>'
