"""The outline of each role, as SVG path data: what a box is can be told without its colour."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cli.graph.drawing import Point

Outline = Callable[[float, float, float, float], str]
"""From x, y, width and height to path data."""


def rectangle(x: float, y: float, w: float, h: float, r: float = 6) -> str:
    """With rounded corners."""
    r = min(r, w / 2, h / 2)
    return (
        f"M{_n(x + r)} {_n(y)}h{_n(w - 2 * r)}a{_n(r)} {_n(r)} 0 0 1 {_n(r)} {_n(r)}v{_n(h - 2 * r)}"
        f"a{_n(r)} {_n(r)} 0 0 1 {_n(-r)} {_n(r)}h{_n(2 * r - w)}a{_n(r)} {_n(r)} 0 0 1 {_n(-r)} {_n(-r)}"
        f"v{_n(2 * r - h)}a{_n(r)} {_n(r)} 0 0 1 {_n(r)} {_n(-r)}z"
    )


def _stadium(x: float, y: float, w: float, h: float) -> str:
    return rectangle(x, y, w, h, 18)


def _hexagon(depth: float) -> Outline:
    def outline(x: float, y: float, w: float, h: float) -> str:
        right, bottom, middle = x + w, y + h, y + h / 2
        return _polygon(
            (x + depth, y), (right - depth, y), (right, middle),
            (right - depth, bottom), (x + depth, bottom), (x, middle),
        )  # fmt: skip

    return outline


def _parallelogram(x: float, y: float, w: float, h: float) -> str:
    slant = min(12, h / 3)
    return _polygon((x + slant, y), (x + w, y), (x + w - slant, y + h), (x, y + h))


def _cut_corners(x: float, y: float, w: float, h: float) -> str:
    cut, right, bottom = min(12, h / 4), x + w, y + h
    return _polygon(
        (x + cut, y), (right - cut, y), (right, y + cut), (right, bottom - cut),
        (right - cut, bottom), (x + cut, bottom), (x, bottom - cut), (x, y + cut),
    )  # fmt: skip


def _arrow(x: float, y: float, w: float, h: float) -> str:
    right, depth = x + w, min(14, h / 2)
    return _polygon((x, y), (right - depth, y), (right, y + h / 2), (right - depth, y + h), (x, y + h))


def _waist(x: float, y: float, w: float, h: float) -> str:
    """An hourglass lying down: its sides bend inwards."""
    bend = min(12, h / 3)
    return (
        f"M{_n(x)} {_n(y)}H{_n(x + w)}Q{_n(x + w - bend)} {_n(y + h / 2)} {_n(x + w)} {_n(y + h)}"
        f"H{_n(x)}Q{_n(x + bend)} {_n(y + h / 2)} {_n(x)} {_n(y)}z"
    )


def _house(x: float, y: float, w: float, h: float) -> str:
    """A ballot: the upper corners are cut flat."""
    cut, down = min(22, w / 4), min(12, h / 2)
    return _polygon((x + cut, y), (x + w - cut, y), (x + w, y + down), (x + w, y + h), (x, y + h), (x, y + down))


def _doubled_sides(x: float, y: float, w: float, h: float) -> str:
    lines = f"M{_n(x + 6)} {_n(y)}v{_n(h)}M{_n(x + w - 6)} {_n(y)}v{_n(h)}"
    return rectangle(x, y, w, h, 2) + lines


_BY_ROLE: Mapping[str, Outline] = {
    "start": _stadium,
    "answer": _stadium,
    "refusal": _stadium,
    "stop": _stadium,
    "state": _stadium,
    "choice": _hexagon(16),
    "check": _hexagon(8),
    "outside": _parallelogram,
    "payment": _cut_corners,
    "approval": _house,
    "wait": _waist,
    "emit": _arrow,
    "call": _doubled_sides,
}


def outline(role: str, x: float, y: float, w: float, h: float) -> str:
    """The path of a box of this role."""
    return _BY_ROLE.get(role, rectangle)(x, y, w, h)


def rounded(points: tuple[Point, ...], radius: float = 7) -> str:
    """The path of a way along points whose corners are rounded."""
    path = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        r = min(radius, _length(before, corner) / 2, _length(corner, after) / 2)
        into, out = _towards(corner, before, r), _towards(corner, after, r)
        path.append(f"L{_n(into[0])} {_n(into[1])}Q{_n(corner[0])} {_n(corner[1])} {_n(out[0])} {_n(out[1])}")
    return "".join([*path, f"L{_n(points[-1][0])} {_n(points[-1][1])}"])


def curve(points: tuple[Point, ...]) -> str:
    """The path of a Bézier curve: a beginning, and three points for each stretch."""
    first, *others = points
    stretches = [" ".join(f"{_n(x)} {_n(y)}" for x, y in others[at : at + 3]) for at in range(0, len(others), 3)]
    return f"M{_n(first[0])} {_n(first[1])}" + "".join(f"C{stretch}" for stretch in stretches)


def _polygon(*points: Point) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points) + "z"


def _towards(start: Point, end: Point, distance: float) -> Point:
    whole = _length(start, end) or 1
    return start[0] + (end[0] - start[0]) * distance / whole, start[1] + (end[1] - start[1]) * distance / whole


def _length(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def _n(value: float) -> str:
    return f"{round(value, 1):g}" if abs(value) < 100_000 else f"{value:.1f}"
