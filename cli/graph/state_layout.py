"""Where the states of an entity stand, and how the ways between them run: forwards as curves, back below all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from cli.graph.drawing import Dot, Drawing, Item, Line, LineKind, Part, Point, Tag
from cli.graph.layers import Layers, ranks
from cli.graph.leaf import Content, placed, tag
from cli.graph.model import Move, State, StatePicture

_MARGIN = 24
_GAP = 34
"""Pixels between layers, in which curves bend."""

_DOT = 22
_BACK_GAP = 10


def laid_out(picture: StatePicture) -> Drawing:
    """The states from left to right, from the initial one on."""
    return _Plan(picture).drawing() if picture.states else _without_states(picture)


@dataclass(frozen=True, slots=True)
class _Column:
    left: float
    width: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def right(self) -> float:
        return self.left + self.width


class _Plan:
    """One entity being placed. States stand in the even layers, the names of ways in the odd ones."""

    def __init__(self, picture: StatePicture) -> None:
        self._picture = picture
        ways = [(move.start, move.end) for move in picture.moves]
        first = sorted(picture.states, key=lambda state: not state.initial)
        self._ranks, self._back = ranks([state.id for state in first], ways)
        self._contents = {state.id: _content(state) for state in picture.states}
        self._tags: dict[str, Tag] = {}
        self._chains: list[tuple[LineKind, list[str]]] = []
        self._layers = Layers()
        self._fill()
        self._middles = self._layers.middles()
        self._columns = self._widths()

    def drawing(self) -> Drawing:
        """Everything placed."""
        items: list[Item] = [*self._states(), *self._forward(), *self._names(), *self._ends()]
        bottom = max(y + self._layers.heights[key] / 2 for key, y in self._middles.items())
        returns = list(self._returns(bottom))
        top = min(y - self._layers.heights[key] / 2 for key, y in self._middles.items())
        lower = max([bottom, *(item.y + item.height for item in returns if isinstance(item, Tag))])
        wide = max(column.right for column in self._columns.values()) + _MARGIN
        every = (*items, *returns)
        return Drawing(wide, lower - top + 2 * _MARGIN, tuple(item.moved(0, _MARGIN - top) for item in every))

    def _fill(self) -> None:
        for state in self._picture.states:
            self._layers.put(state.id, 2 * self._ranks[state.id], self._contents[state.id].height)
            if state.initial:
                self._begin(state)
        for number, move in enumerate(self._picture.moves):
            if (move.start, move.end) not in self._back:
                self._way(number, move)
        for state in self._picture.states:
            if state.final:
                self._layers.put(f"{state.id}-end", 2 * self._ranks[state.id] + 1, _DOT)
                self._chain("flow", [state.id, f"{state.id}-end"])

    def _begin(self, state: State) -> None:
        creators = self._picture.creators
        name = tag(", ".join(creators), "move") if creators else tag("no tool creates it", "unperformed")
        self._tags["begin-name"] = name
        self._layers.put("begin-name", -1, name.height)
        self._layers.put("begin", -2, _DOT)
        self._chain("flow" if creators else "unperformed", ["begin", "begin-name", state.id])

    def _way(self, number: int, move: Move) -> None:
        start, end = 2 * self._ranks[move.start], 2 * self._ranks[move.end]
        chain = [move.start]
        for layer in range(start + 1, end):
            key = f"way-{number}-{layer}"
            if layer == start + 1:
                self._tags[key] = _named(move)
            self._layers.put(key, layer, self._tags[key].height if key in self._tags else 8)
            chain.append(key)
        self._chain("flow" if move.tools else "unperformed", [*chain, move.end])

    def _chain(self, kind: LineKind, keys: list[str]) -> None:
        self._chains.append((kind, keys))
        self._layers.links += list(pairwise(keys))

    def _widths(self) -> Mapping[int, _Column]:
        numbers = sorted(self._layers.layers)
        widths = [max(map(self._width, self._layers.layers[number])) for number in numbers]
        lefts = accumulate([_MARGIN, *(width + _GAP for width in widths)])
        return {number: _Column(left, width) for number, left, width in zip(numbers, lefts, widths, strict=False)}

    def _width(self, key: str) -> float:
        if key in self._contents:
            return self._contents[key].width
        return self._tags[key].width if key in self._tags else _DOT

    def _column(self, key: str) -> _Column:
        return next(self._columns[number] for number, keys in self._layers.layers.items() if key in keys)

    def _states(self) -> Iterator[Part]:
        for state in self._picture.states:
            inside, column = self._contents[state.id], self._column(state.id)
            part = Part(state, "state", 0, 0, inside.width, inside.height, inside.words, inside.chips)
            yield part.moved(column.middle - inside.width / 2, self._middles[state.id] - inside.height / 2)

    def _forward(self) -> Iterator[Line]:
        """Each way as one curve through all its places: flat where it passes one."""
        for kind, keys in self._chains:
            points: list[Point] = [(self._column(keys[0]).middle + self._width(keys[0]) / 2, self._middles[keys[0]])]
            for key in keys[1:]:
                column, y = self._column(key), self._middles[key]
                last = key == keys[-1]
                half = self._width(key) / 2
                points += _bend(points[-1], (column.middle - half if last else column.left, y))
                if not last:
                    points += _bend(points[-1], (column.right, y))
            yield Line(tuple(points), kind, curved=True)

    def _names(self) -> Iterator[Tag]:
        for key, name in self._tags.items():
            column = self._column(key)
            yield replace(name, x=column.middle - name.width / 2, y=self._middles[key] - name.height / 2)

    def _ends(self) -> Iterator[Dot]:
        yield Dot(self._column("begin").middle, self._middles["begin"], "initial")
        for state in self._picture.states:
            if state.final:
                end = f"{state.id}-end"
                yield Dot(self._column(end).middle - _DOT / 2 + 10, self._middles[end], "final")

    def _returns(self, bottom: float) -> Iterator[Item]:
        """The ways back: out to the right, below everything to the left, and in from the left."""
        y = bottom + 2 * _BACK_GAP
        moves = [move for move in self._picture.moves if (move.start, move.end) in self._back]
        for number, move in enumerate(moves):
            start, end = self._column(move.start), self._column(move.end)
            name = _named(move, room=max(start.width, 120))
            y += name.height / 2
            aside = 8 + 4 * (number % 5)
            below = 8 + 5 * (number % 3)
            out, into = self._middles[move.start] + below, self._middles[move.end] + below
            points = (
                (start.middle + self._width(move.start) / 2 - 4, out),
                (start.right + aside, out),
                (start.right + aside, y),
                (end.left - aside, y),
                (end.left - aside, into),
                (end.middle - self._width(move.end) / 2 + 1, into),
            )
            yield Line(points, "loop" if move.tools else "unperformed")
            yield replace(name, x=start.middle - name.width / 2, y=y - name.height / 2)
            y += name.height / 2 + _BACK_GAP


def _content(state: State) -> Content:
    word = " and ".join(filter(None, ("initial" if state.initial else "", "final" if state.final else ""))) or "state"
    return placed([(word, "word"), (state.name, "name")], (), state.marks, room=190)


def _named(move: Move, room: float = 170) -> Tag:
    if not move.tools:
        return tag("no tool", "unperformed")
    return tag(", ".join(move.tools), "move", room=room, most=6)


def _bend(start: Point, end: Point) -> tuple[Point, Point, Point]:
    middle = (start[0] + end[0]) / 2
    return (middle, start[1]), (middle, end[1]), end


def _without_states(picture: StatePicture) -> Drawing:
    made = ", ".join(picture.creators) or "no tool"
    name = State(f"{picture.id}-rows", picture.name, False, False, picture.marks)
    told = [("entity without states", "word"), (picture.name, "name"), (f"made by {made}", "detail")]
    inside = placed(told, (), picture.marks)
    part = Part(name, "state", 0, 0, inside.width, inside.height, inside.words, inside.chips)
    return Drawing(inside.width + 2 * _MARGIN, inside.height + 2 * _MARGIN, (part.moved(_MARGIN, _MARGIN),))
