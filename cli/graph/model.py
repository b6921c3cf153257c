"""A picture as data: what is to be seen of a tool's flow or of an entity's states, before anything is placed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from writ.findings import Colour

Role = Literal[
    "start",  # where a run begins
    "value",  # computes
    "read",  # rows are read
    "write",  # rows are changed
    "check",  # the run ends here unless something holds
    "choice",  # one of several ways
    "emit",  # an event
    "outside",  # a service outside is called
    "payment",  # money moves
    "approval",  # people decide
    "wait",  # the run rests
    "call",  # another tool
    "answer",  # the run ends with an answer
    "refusal",  # the run ends with a refusal
    "stop",  # the run fails, or waits for an operator
    "undo",  # what takes back
    "transaction",
    "parallel",
    "each",
]

LaneKind = Literal["inside", "branch", "failure"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding as it is shown at a node. `fix`: what `writ check --fix` can do about it, or empty."""

    id: str
    rule: str
    name: str
    colour: Colour
    message: str
    help: str
    witness: tuple[str, ...]
    place: str
    acknowledged: bool = False
    fingerprint: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Exit:
    """A refusal with which the run may end at a box."""

    code: str
    status: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes a box back, and the boxes at which a run may still stop after it."""

    box: Box
    from_boxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """Boxes one after the other, and under which name a run comes to them."""

    kind: LaneKind
    label: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """Something to see: `word` says what it is, `title` is its name, `lines` what is to know of it.

    `ends`: nothing goes on behind it. `notes` are remarks that stand out, such as `pivot`.
    """

    id: str
    role: Role
    word: str
    title: str
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lanes: tuple[Lane, ...] = ()
    exits: tuple[Exit, ...] = ()
    undo: Undo | None = None
    marks: tuple[Mark, ...] = ()
    ends: bool = False

    @property
    def heading(self) -> str:
        """What it is and its name; a node that has no name is called by its word alone."""
        return self.word if self.word == self.title else f"{self.word} {self.title}"

    @property
    def colour(self) -> Colour:
        """The colour of the worst that was found here."""
        return worst_of(self.marks)


@dataclass(frozen=True, slots=True)
class FlowPicture:
    """A tool: `start` is what begins it, `boxes` its flow. `marks` are all its findings, `problems` what is wrong so
    that a part could not be drawn.
    """

    id: str
    name: str
    description: str
    start: Box
    boxes: tuple[Box, ...]
    marks: tuple[Mark, ...] = ()
    problems: tuple[str, ...] = ()

    def every_box(self) -> Iterator[Box]:
        """All boxes, each before those in it."""
        yield from below((self.start, *self.boxes))


@dataclass(frozen=True, slots=True)
class State:
    """A state of an entity's rows."""

    id: str
    name: str
    initial: bool
    final: bool
    marks: tuple[Mark, ...] = ()

    @property
    def colour(self) -> Colour:
        """The colour of the worst that was found here."""
        return worst_of(self.marks)


@dataclass(frozen=True, slots=True)
class Move:
    """A way from one state (its id) to another, and the tools that take it: none where nothing does."""

    start: str
    end: str
    tools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatePicture:
    """An entity. `creators` are the tools that make its rows; `states` is empty where rows have none."""

    id: str
    name: str
    description: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    creators: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    problems: tuple[str, ...] = ()


Picture = FlowPicture | StatePicture


@dataclass(frozen=True, slots=True)
class AppPicture:
    """All of an app. `marks` are the findings that belong to no tool and no entity."""

    name: str
    description: str
    tools: tuple[FlowPicture, ...]
    entities: tuple[StatePicture, ...]
    marks: tuple[Mark, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The tools, then the entities."""
        return (*self.tools, *self.entities)


def below(boxes: tuple[Box, ...]) -> Iterator[Box]:
    """The boxes and all that stand in them, each before those in it."""
    for box in boxes:
        yield box
        if box.undo is not None:
            yield box.undo.box
        for lane in box.lanes:
            yield from below(lane.boxes)


def worst_of(marks: tuple[Mark, ...]) -> Colour:
    """The colour of the worst of these findings; green where there is none, or nothing that is not acknowledged."""
    colours = {mark.colour for mark in marks if not mark.acknowledged}
    return next((colour for colour in (Colour.red, Colour.yellow) if colour in colours), Colour.green)
