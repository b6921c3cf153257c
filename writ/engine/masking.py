"""Masking: personal values are taken out of the input before it stands in the audit record."""

from __future__ import annotations

from collections.abc import Sequence

from writ.values.wire import Json

MASK = "***"


def mask(value: Json, pointers: Sequence[str]) -> Json:
    """A copy of `value` with what the JSON pointers lead to replaced by `***`; a `*` is every element of a list.

    A pointer that leads nowhere masks nothing; one that meets a value of another shape than it expects masks that
    value, because an invalid input, too, may hold what is personal.
    """
    for pointer in pointers:
        value = _masked(value, [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]])
    return value


def _masked(value: Json, path: list[str]) -> Json:
    if not path:
        return MASK
    head, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_masked(element, rest if head == "*" else path) for element in value]
    if isinstance(value, dict):
        return {key: _masked(element, rest) if key == head else element for key, element in value.items()}
    return value if value is None else MASK
