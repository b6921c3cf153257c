"""A picture as Mermaid text, which many places that show Markdown draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cli.graph.links import commit, exit_id, gate, has_end, is_frame, links
from cli.graph.model import Box, FlowPicture, Mark, Picture, StatePicture
from cli.graph.text_width import printable

_SHAPES = {
    "start": ("([", "])"),
    "answer": ("([", "])"),
    "refusal": ("([", "])"),
    "stop": ("([", "])"),
    "choice": ("{{", "}}"),
    "check": ("{{", "}}"),
    "outside": ("[/", "/]"),
    "payment": ("[[", "]]"),
    "approval": ("[/", "\\]"),
    "wait": ("[\\", "/]"),
    "emit": (">", "]"),
    "call": ("[[", "]]"),
}
_ARROWS = {"flow": "-->", "failure": "-->", "undo": "-.->"}
_CLASSES = (
    "classDef red stroke:#c62828,stroke-width:3px",
    "classDef yellow stroke:#a86a00,stroke-width:3px",
    "classDef write fill:#e5f5ea,color:#1c2430",
    "classDef read fill:#eaf3fd,color:#1c2430",
    "classDef payment fill:#fff6c9,color:#1c2430",
    "classDef outside fill:#fff1de,color:#1c2430",
    "classDef approval fill:#fde9f1,color:#1c2430",
    "classDef undo stroke-dasharray:5 4",
)
_STYLED = ("write", "read", "payment", "outside", "approval", "undo")
_KEPT = frozenset(" _.,:/=+*'()!?·→")


def mermaid(picture: Picture) -> str:
    """A `flowchart` of a tool, a `stateDiagram-v2` of an entity."""
    told = _flow(picture) if isinstance(picture, FlowPicture) else _states(picture)
    return "\n".join(told) + "\n"


def _flow(picture: FlowPicture) -> Iterator[str]:
    yield "flowchart TB"
    yield from _boxes((picture.start, *picture.boxes), "  ")
    for link in links(picture):
        label = f'|"{escaped(link.label)}"|' if link.label else ""
        yield f"  {_id(link.start)} {_ARROWS[link.kind]}{label} {_id(link.end)}"
    yield from (f"  {line}" for line in _CLASSES)
    for box in picture.every_box():
        id = _id(gate(box))
        if box.role in _STYLED:
            yield f"  class {id} {box.role}"
        if box.colour != "green":
            yield f"  class {_id(box.id) if is_frame(box) else id} {box.colour}"


def _boxes(boxes: Sequence[Box], indent: str) -> Iterator[str]:
    for box in boxes:
        if is_frame(box):
            yield from _frame(box, indent)
            continue
        opening, closing = _SHAPES.get(box.role, ("[", "]"))
        yield f'{indent}{_id(box.id)}{opening}"{_label(box)}"{closing}'
        for number, exit in enumerate(box.exits):
            status = f" · {exit.status}" if exit.status else ""
            yield f'{indent}{_id(exit_id(box, number))}(["{escaped(f"{exit.code}{status}")}"])'
        if box.undo is not None:
            yield f'{indent}{_id(box.undo.box.id)}["{_label(box.undo.box)}"]'
        for lane in box.lanes:
            yield from _boxes(lane.boxes, indent)


def _frame(box: Box, indent: str) -> Iterator[str]:
    yield f'{indent}subgraph {_id(box.id)}["{_label(box)}"]'
    yield f'{indent}  {_id(gate(box))}(("{"each" if box.role == "each" else " "}"))'
    for lane in box.lanes:
        yield from _boxes(lane.boxes, indent + "  ")
    if has_end(box):
        yield f'{indent}  {_id(commit(box))}(("{"commit" if box.role == "transaction" else " "}"))'
    yield f"{indent}end"


def _label(box: Box) -> str:
    """What stands in a box: the word, the name, what it does, and the rules that found something."""
    told = [box.heading, *box.lines, *box.notes, *map(_found, box.marks)]
    return "<br/>".join(escaped(line) for line in told)


def _found(mark: Mark) -> str:
    return f"{mark.colour} {mark.rule}" + (" (acknowledged)" if mark.acknowledged else "")


def _states(picture: StatePicture) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "  direction LR"
    if not picture.states:
        yield f'  state "{escaped(f"{picture.name} has no states")}" as {_id(picture.id)}'
    for state in picture.states:
        found = "".join(f" · {_found(mark)}" for mark in state.marks)
        yield f'  state "{escaped(state.name + found)}" as {_id(state.id)}'
    for state in picture.states:
        if state.initial:
            yield f"  [*] --> {_id(state.id)} : {escaped(', '.join(picture.creators) or 'no tool')}"
    for move in picture.moves:
        yield f"  {_id(move.start)} --> {_id(move.end)} : {escaped(', '.join(move.tools) or 'no tool')}"
    for state in picture.states:
        if state.final:
            yield f"  {_id(state.id)} --> [*]"


def escaped(text: str) -> str:
    """Text that Mermaid shows as it is: every sign that could mean something to it stands as its number."""
    shown = " ".join(printable(text).split())
    return "".join(one if one.isalnum() or one in _KEPT else f"#{ord(one)};" for one in shown)


def _id(id: str) -> str:
    return id.replace("-", "_")
