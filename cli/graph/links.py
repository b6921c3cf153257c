"""The ways between the boxes of a flow, for programs that place boxes themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cli.graph.model import Box, FlowPicture, Lane

LinkKind = Literal["flow", "failure", "undo"]
_Open = list[tuple[str, str, LinkKind]]
"""Ids from which the flow goes on, with what is written on the way."""


@dataclass(frozen=True, slots=True)
class Link:
    """A way from one id to another."""

    start: str
    end: str
    label: str = ""
    kind: LinkKind = "flow"


def links(picture: FlowPicture) -> tuple[Link, ...]:
    """All ways of a flow. A frame has no way of its own: one comes to its `gate` and leaves it at its `commit`."""
    found: list[Link] = []
    _follow((picture.start, *picture.boxes), [], found)
    # A run stops in a transaction where it cannot commit; a frame itself is nothing a way could begin at.
    points = {box.id: commit(box) if has_end(box) else gate(box) for box in picture.every_box() if is_frame(box)}
    return tuple(replace(link, start=points.get(link.start, link.start)) for link in found)


def gate(box: Box) -> str:
    """The id of the point at which a run comes to a box: a frame's own, for the frame is only drawn around it."""
    return f"{box.id}-gate" if is_frame(box) else box.id


def commit(box: Box) -> str:
    """The id of the point at which a transaction is committed, or the branches of a `parallel` have come."""
    return f"{box.id}-done"


def exit_id(box: Box, number: int) -> str:
    """The id of a refusal beside a box."""
    return f"{box.id}-exit-{number}"


def is_frame(box: Box) -> bool:
    """Whether other boxes are drawn within it."""
    return box.role in ("transaction", "parallel", "each")


def has_end(box: Box) -> bool:
    """Whether a frame has a point of its own at which it is done."""
    return box.role in ("transaction", "parallel")


def _follow(boxes: Sequence[Box], opens: _Open, found: list[Link]) -> _Open:
    for box in boxes:
        found += [Link(start, gate(box), label, kind) for start, label, kind in opens]
        opens = _through(box, found)
    return opens


def _through(box: Box, found: list[Link]) -> _Open:
    found += [Link(box.id, exit_id(box, number), "", "failure") for number, _ in enumerate(box.exits)]
    if box.undo is not None:
        found.append(Link(box.undo.box.id, box.id, "", "undo"))
        found += [Link(stop, box.undo.box.id, "", "undo") for stop in box.undo.from_boxes]
    if is_frame(box):
        return _framed(box, found)
    if box.ends:
        return []
    opens: _Open = [] if any(lane.kind == "branch" for lane in box.lanes) else [(box.id, "", "flow")]
    for lane in box.lanes:
        opens += _lane(box.id, lane, found)
    return opens


def _lane(start: str, lane: Lane, found: list[Link]) -> _Open:
    kind: LinkKind = "failure" if lane.kind == "failure" else "flow"
    return _follow(lane.boxes, [(start, "" if lane.kind == "inside" else lane.label, kind)], found)


def _framed(box: Box, found: list[Link]) -> _Open:
    opens = [end for lane in box.lanes for end in _lane(gate(box), lane, found)]
    if box.role == "each":
        found += [Link(start, gate(box), label or "next", kind) for start, label, kind in opens if start != gate(box)]
        return [(gate(box), "done", "flow")]
    found += [Link(start, commit(box), label, kind) for start, label, kind in opens]
    return [(commit(box), "", "flow")] if opens else []
