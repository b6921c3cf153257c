"""States in layers from left to right: which layer each has, in which order they stand in it and how high.

What goes from a layer to the next passes a layer between them, in which the name of the way has its place; a way over
several layers keeps a place in each of them. So nothing is ever drawn across something else's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Way = tuple[str, str]
_SWEEPS = 12
_APART = 16


@dataclass
class Layers:
    """Keys of what stands in each layer, and what is connected with what. `heights` are in pixels."""

    layers: dict[int, list[str]] = field(default_factory=dict)
    heights: dict[str, float] = field(default_factory=dict)
    links: list[Way] = field(default_factory=list)

    def put(self, key: str, layer: int, height: float) -> None:
        """Give something a place."""
        self.layers.setdefault(layer, []).append(key)
        self.heights[key] = height

    def middles(self) -> Mapping[str, float]:
        """How high the middle of each is, from the middle of the picture; orders the layers before."""
        before, behind = _neighbours(self.links), _neighbours((end, start) for start, end in self.links)
        for sweep in range(_SWEEPS):
            self._order(behind if sweep % 2 == 0 else before, forwards=sweep % 2 == 0)
        placed = {key: y for layer in self.layers.values() for key, y in self._stacked(layer)}
        for sweep in range(_SWEEPS):
            self._straighten(placed, behind if sweep % 2 == 0 else before, forwards=sweep % 2 == 0)
        return placed

    def _order(self, towards: Mapping[str, list[str]], *, forwards: bool) -> None:
        ranks = {key: number for layer in self.layers.values() for number, key in enumerate(layer)}
        for layer in sorted(self.layers, reverse=not forwards):
            keys = self.layers[layer]
            keys.sort(key=lambda key: _mean([ranks[one] for one in towards.get(key, [])], ranks[key]))
            ranks.update((key, number) for number, key in enumerate(keys))

    def _stacked(self, keys: Sequence[str]) -> list[tuple[str, float]]:
        whole = sum(self.heights[key] + _APART for key in keys) - _APART
        y, placed = -whole / 2, []
        for key in keys:
            placed.append((key, y + self.heights[key] / 2))
            y += self.heights[key] + _APART
        return placed

    def _straighten(self, placed: dict[str, float], towards: Mapping[str, list[str]], *, forwards: bool) -> None:
        """Move each towards the middle of what it is connected with, as far as its neighbours leave room."""
        for layer in sorted(self.layers, reverse=not forwards):
            keys = self.layers[layer]
            wanted = [_mean([placed[one] for one in towards.get(key, [])], placed[key]) for key in keys]
            found = wanted[:1]
            for (above, key), wish in zip(pairwise(keys), wanted[1:], strict=True):
                least = found[-1] + (self.heights[above] + self.heights[key]) / 2 + _APART
                found.append(max(wish, least))
            shift = _mean([wish - y for wish, y in zip(wanted, found, strict=True)], 0)
            placed.update((key, y + shift) for key, y in zip(keys, found, strict=True))


def ranks(states: Sequence[str], ways: Sequence[Way]) -> tuple[Mapping[str, int], frozenset[Way]]:
    """The layer of each state, and the ways that lead back to an earlier one or to the same."""
    following = _neighbours(ways)
    back = _leading_back(states, following)
    layer = dict.fromkeys(states, 0)
    for _ in states:
        for start, end in ways:
            if (start, end) not in back:
                layer[end] = max(layer[end], layer[start] + 1)
    return layer, back


def _leading_back(states: Sequence[str], following: Mapping[str, list[str]]) -> frozenset[Way]:
    back: set[Way] = set()
    done: set[str] = set()
    for first in states:
        trail: list[tuple[str, list[str]]] = [] if first in done else [(first, list(following.get(first, [])))]
        while trail:
            state, left = trail[-1]
            done.add(state)
            if not left:
                trail.pop()
                continue
            to = left.pop(0)
            if any(to == one for one, _ in trail):
                back.add((state, to))
            elif to not in done:
                trail.append((to, list(following.get(to, []))))
    return frozenset(back)


def _neighbours(ways: Iterable[Way]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for start, end in ways:
        found.setdefault(start, []).append(end)
    return found


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
