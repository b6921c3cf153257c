"""A picture in the language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cli.graph.links import commit, exit_id, gate, has_end, is_frame, links
from cli.graph.model import Box, FlowPicture, Mark, Picture, StatePicture
from cli.graph.text_width import printable

_SHAPES = {
    "start": "oval",
    "answer": "oval",
    "refusal": "oval",
    "stop": "oval",
    "choice": "diamond",
    "check": "hexagon",
    "outside": "parallelogram",
    "payment": "octagon",
    "approval": "house",
    "wait": "trapezium",
    "emit": "cds",
    "call": "component",
}
_FILLS = {
    "read": "#eaf3fd",
    "write": "#e5f5ea",
    "outside": "#fff1de",
    "payment": "#fff6c9",
    "approval": "#fde9f1",
    "undo": "#f6effb",
    "refusal": "#f8e4e0",
}
_BORDERS = {"red": "#c62828", "yellow": "#a86a00"}
_STYLES = {"flow": "", "failure": ' color="#a15c00"', "undo": ' style=dashed color="#7d3fb0" constraint=false'}


def dot(picture: Picture) -> str:
    """A `digraph`."""
    told = _flow(picture) if isinstance(picture, FlowPicture) else _states(picture)
    return "\n".join(told) + "\n"


def quoted(text: str) -> str:
    """A quoted string; a line break in it is one in the picture."""
    lines = ("".join(f"\\{one}" if one in '\\"' else one for one in line) for line in printable(text).split("\n"))
    return '"' + "\\n".join(lines) + '"'


def _flow(picture: FlowPicture) -> Iterator[str]:
    yield f"digraph {quoted(picture.name)} {{"
    yield '  node [fontname="Helvetica" fontsize=11 style="filled" fillcolor="#ffffff"];'
    yield '  edge [fontname="Helvetica" fontsize=10];'
    yield from _boxes((picture.start, *picture.boxes), "  ")
    for link in links(picture):
        yield f"  {quoted(link.start)} -> {quoted(link.end)} [label={quoted(link.label)}{_STYLES[link.kind]}];"
    yield "}"


def _boxes(boxes: Sequence[Box], indent: str) -> Iterator[str]:
    for box in boxes:
        if is_frame(box):
            yield from _frame(box, indent)
            continue
        yield _node(box, indent)
        for number, exit in enumerate(box.exits):
            status = f" · {exit.status}" if exit.status else ""
            label = quoted(f"{exit.code}{status}")
            yield f'{indent}{quoted(exit_id(box, number))} [label={label} shape=oval fillcolor="{_FILLS["refusal"]}"];'
        if box.undo is not None:
            yield _node(box.undo.box, indent)
        for lane in box.lanes:
            yield from _boxes(lane.boxes, indent)


def _node(box: Box, indent: str) -> str:
    style = "filled,dashed" if box.role == "undo" else "filled"
    return (
        f'{indent}{quoted(box.id)} [label={quoted(_label(box))} shape={_SHAPES.get(box.role, "box")} style="{style}" '
        f'fillcolor="{_FILLS.get(box.role, "#ffffff")}"{_border(box)}];'
    )


def _frame(box: Box, indent: str) -> Iterator[str]:
    yield f"{indent}subgraph {quoted(f'cluster-{box.id}')} {{"
    dashed = "" if box.role == "transaction" else " style=dashed;"
    border = _border(box).replace(" penwidth", "; penwidth")
    yield f"{indent}  label={quoted(_label(box))}; labeljust=l;{dashed}{border}"
    entered = quoted("each" if box.role == "each" else "")
    yield f"{indent}  {quoted(gate(box))} [label={entered} shape=circle width=0.15];"
    for lane in box.lanes:
        yield from _boxes(lane.boxes, indent + "  ")
    if has_end(box):
        label = quoted("commit" if box.role == "transaction" else "")
        yield f"{indent}  {quoted(commit(box))} [label={label} shape=circle width=0.2];"
    yield f"{indent}}}"


def _border(box: Box) -> str:
    return f' color="{_BORDERS[box.colour]}" penwidth=3' if box.colour in _BORDERS else ""


def _label(box: Box) -> str:
    return "\n".join([box.heading, *box.lines, *box.notes, *map(_found, box.marks)])


def _found(mark: Mark) -> str:
    return f"{mark.colour} {mark.rule}: {mark.message}"


def _states(picture: StatePicture) -> Iterator[str]:
    yield f"digraph {quoted(picture.name)} {{"
    yield "  rankdir=LR;"
    yield '  node [fontname="Helvetica" fontsize=11 shape=box style="rounded,filled" fillcolor="#eaf3fd"];'
    yield '  edge [fontname="Helvetica" fontsize=10];'
    if not picture.states:
        yield f"  {quoted(picture.id)} [label={quoted(f'{picture.name} has no states')}];"
    for state in picture.states:
        border = f' color="{_BORDERS[state.colour]}" penwidth=3' if state.colour in _BORDERS else ""
        final = " peripheries=2" if state.final else ""
        label = quoted("\n".join([state.name, *map(_found, state.marks)]))
        yield f"  {quoted(state.id)} [label={label}{final}{border}];"
        if state.initial:
            yield f"  {quoted(f'{state.id}-begin')} [label={quoted('')} shape=point width=0.15];"
            by = quoted(", ".join(picture.creators) or "no tool")
            yield f"  {quoted(f'{state.id}-begin')} -> {quoted(state.id)} [label={by}];"
    for move in picture.moves:
        label = quoted(", ".join(move.tools) or "no tool")
        dashed = "" if move.tools else " style=dashed"
        yield f"  {quoted(move.start)} -> {quoted(move.end)} [label={label}{dashed}];"
    yield "}"
