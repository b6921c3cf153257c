"""What a picture consists of once it is placed: outlines, texts, lines and chips, in pixels from the upper left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from cli.graph.model import Box, Mark, Role, State
from cli.graph.text_width import Typeface

Point = tuple[float, float]

WORD = Typeface(10)
NAME = Typeface(13, bold=True)
DETAIL = Typeface(11, mono=True)
LABEL = Typeface(11)
CHIP = Typeface(10, bold=True)

TextKind = Literal["word", "name", "detail", "label", "note", "chip"]
FACES: dict[TextKind, Typeface] = {
    "word": WORD,
    "name": NAME,
    "detail": DETAIL,
    "label": LABEL,
    "note": CHIP,
    "chip": CHIP,
}


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `y` is its base line, `x` where it begins, or its middle when `centred`."""

    x: float
    y: float
    text: str
    kind: TextKind
    centred: bool = False

    def moved(self, dx: float, dy: float) -> Words:
        """The same elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True, slots=True)
class Chip:
    """A small rounded field with one word: the id of a rule, or a remark. `mark` None: a remark."""

    x: float
    y: float
    width: float
    height: float
    text: str
    mark: Mark | None = None

    def moved(self, dx: float, dy: float) -> Chip:
        """The same elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True, slots=True)
class Part:
    """A box or a state in its place. `frame`: others stand in it, below `head` pixels of its own words. `parent` is
    the id of the frame it stands in.
    """

    of: Box | State
    role: Role | Literal["state"]
    x: float
    y: float
    width: float
    height: float
    words: tuple[Words, ...] = ()
    chips: tuple[Chip, ...] = ()
    frame: bool = False
    head: float = 0
    parent: str = ""

    def moved(self, dx: float, dy: float) -> Part:
        """The same elsewhere."""
        words = tuple(one.moved(dx, dy) for one in self.words)
        chips = tuple(one.moved(dx, dy) for one in self.chips)
        return replace(self, x=self.x + dx, y=self.y + dy, words=words, chips=chips)


LineKind = Literal["flow", "way", "failure", "loop", "undo", "unperformed"]


@dataclass(frozen=True, slots=True)
class Line:
    """A way between boxes along `points`; `curved`: each three of them behind the first are a Bézier curve."""

    points: tuple[Point, ...]
    kind: LineKind
    arrow: bool = True
    curved: bool = False

    def moved(self, dx: float, dy: float) -> Line:
        """The same elsewhere."""
        return replace(self, points=tuple((x + dx, y + dy) for x, y in self.points))


TagKind = Literal["branch", "failure", "refusal", "move", "unperformed", "commit"]


@dataclass(frozen=True, slots=True)
class Tag:
    """Words on a line, on a field of their own; `x` and `y` are its upper left. `full` is what may have been cut."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    kind: TagKind
    full: str = ""

    def moved(self, dx: float, dy: float) -> Tag:
        """The same elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled point: a `commit` on the edge of a transaction, a `start` of a life, or a `bar` where ways part."""

    x: float
    y: float
    kind: Literal["commit", "initial", "final", "bar"]
    width: float = 0

    def moved(self, dx: float, dy: float) -> Dot:
        """The same elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


Item = Part | Line | Tag | Dot


@dataclass(frozen=True, slots=True)
class Drawing:
    """A placed picture."""

    width: float
    height: float
    items: tuple[Item, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The boxes and states."""
        return tuple(item for item in self.items if isinstance(item, Part))


def moved(items: tuple[Item, ...], dx: float, dy: float) -> tuple[Item, ...]:
    """The same elsewhere."""
    return tuple(item.moved(dx, dy) for item in items)
