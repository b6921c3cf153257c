"""Dominance in a directed graph: what lies on every way to a point.

The algorithm is that of Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


class Dominance:
    """Which points of a graph every way from `start` to another point passes. Answers take constant time."""

    def __init__(self, start: int, successors: Mapping[int, Sequence[int]]) -> None:
        order = _reverse_postorder(start, successors)
        self._above = _immediate(start, order, successors)
        self._opened, self._closed = _numbered(start, self._above)

    def reachable(self, point: int) -> bool:
        """Whether there is a way to the point at all."""
        return point in self._opened

    def dominates(self, first: int, second: int) -> bool:
        """Whether every way to `second` passes `first`; false where there is no way to one of them."""
        if first not in self._opened or second not in self._opened:
            return False
        return self._opened[first] <= self._opened[second] and self._closed[second] <= self._closed[first]

    def dominators(self, point: int) -> Iterator[int]:
        """What every way to the point passes, the nearest first, the point itself left out."""
        while point in self._above and self._above[point] != point:
            point = self._above[point]
            yield point


def _reverse_postorder(start: int, successors: Mapping[int, Sequence[int]]) -> list[int]:
    done: list[int] = []
    seen = {start}
    stack = [(start, iter(successors.get(start, ())))]
    while stack:
        point, following = stack[-1]
        for successor in following:
            if successor not in seen:
                seen.add(successor)
                stack.append((successor, iter(successors.get(successor, ()))))
                break
        else:
            done.append(point)
            stack.pop()
    done.reverse()
    return done


def _immediate(start: int, order: Sequence[int], successors: Mapping[int, Sequence[int]]) -> dict[int, int]:
    place = {point: index for index, point in enumerate(order)}
    before: dict[int, list[int]] = {point: [] for point in order}
    for point in order:
        for successor in successors.get(point, ()):
            before[successor].append(point)
    above = {start: start}
    changed = True
    while changed:
        changed = False
        for point in order:
            known = [one for one in before[point] if one in above]
            if point == start or not known:
                continue
            nearest = known[0]
            for other in known[1:]:
                nearest = _meet(nearest, other, above, place)
            if above.get(point) != nearest:
                above[point] = nearest
                changed = True
    return above


def _meet(first: int, second: int, above: Mapping[int, int], place: Mapping[int, int]) -> int:
    while first != second:
        if place[first] > place[second]:
            first = above[first]
        else:
            second = above[second]
    return first


def _numbered(start: int, above: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """When a walk of the dominator tree comes to each point, and when it leaves it."""
    below: dict[int, list[int]] = {}
    for point, parent in above.items():
        if point != start:
            below.setdefault(parent, []).append(point)
    opened, closed = {start: 0}, {}
    clock = 1
    stack = [(start, iter(below.get(start, ())))]
    while stack:
        point, following = stack[-1]
        inner = next(following, None)
        if inner is None:
            closed[point] = clock
            stack.pop()
        else:
            opened[inner] = clock
            stack.append((inner, iter(below.get(inner, ()))))
        clock += 1
    return opened, closed
