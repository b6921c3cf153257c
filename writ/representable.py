"""Whether a value can be represented everywhere it goes: JSON, CEL, PostgreSQL and the canonical form of a digest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

from writ.schemas import Violation, brief, limited
from writ.values.wire import DEEPEST, LARGEST_INTEGER, Json

_Place: TypeAlias = "tuple[_Place, str | int] | None"
"""Where a value stands: the place of what it is in, and the key or index; a pointer is made only where one is told."""


def unrepresentable(value: Json) -> tuple[Violation, ...]:
    """Where and why `value` cannot be represented, in order and not more than can be read; empty where it can."""
    return limited(_violation(place, reason) for place, reason in _scan(value, None, 0))


def _violation(place: _Place, reason: str) -> Violation:
    path: list[str | int] = []
    while place is not None:
        place, part = place
        path.append(part)
    at, inside = brief(path[::-1])
    return at, f"{inside}{reason}"


def _scan(value: Json, at: _Place, depth: int) -> Iterator[tuple[_Place, str]]:
    if depth > DEEPEST:
        yield at, f"is nested deeper than {DEEPEST} levels"
    elif isinstance(value, dict):
        for key, element in value.items():
            yield from _scan_entry(key, element, at, depth)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _scan(element, (at, index), depth + 1)
    elif reason := _scalar(value):
        yield at, reason


def _scan_entry(key: object, element: Json, at: _Place, depth: int) -> Iterator[tuple[_Place, str]]:
    if not isinstance(key, str) or _text(key):
        yield at, "has a key that cannot be represented"
        return
    yield from _scan(element, (at, key), depth + 1)


def _scalar(value: Json) -> str:
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return "is an integer beyond what JSON can carry exactly" if abs(value) > LARGEST_INTEGER else ""
    if isinstance(value, float):
        return "" if math.isfinite(value) else "is not a finite number"
    return "is not a JSON value"


def _text(text: str) -> str:
    if "\0" in text:
        return "contains the character NUL"
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return "is not valid Unicode"
    return ""
