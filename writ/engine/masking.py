"""Masking: personal values are taken out of the input before it stands in the audit record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from writ.values.wire import Json

MASK = "***"
_INDEX = re.compile("[0-9]+").fullmatch


def mask(value: Json, pointers: Iterable[str]) -> Json:
    """A copy of `value` with what the JSON pointers lead to replaced by `***`; a `*` is every element of a list.

    A pointer that leads nowhere masks nothing; one that meets a value of another shape than it expects masks that
    value, because an invalid input, too, may hold what is personal. The time it takes grows with the value alone.
    """
    hidden = _Hidden()
    for pointer in pointers:
        hidden.add(parts(pointer))
    return _masked(value, (hidden,))


def parts(pointer: str) -> list[str]:
    """The keys and indexes of a JSON pointer (RFC 6901)."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def shows(schema: Any, value: Json, pointer: str) -> bool:
    """Whether `pointer` leads to a single value in a place that `schema` names; the whole value is no such place."""
    path = parts(pointer)
    for part in path:
        if isinstance(value, list) and _INDEX(part) and int(part) < len(value):
            schema, value = _inside(schema, "items"), value[int(part)]
        elif isinstance(value, Mapping) and part in value:
            schema, value = _inside(_inside(schema, "properties"), part), value[part]
        else:
            return False
    return bool(path) and isinstance(schema, Mapping) and not isinstance(value, list | Mapping)


def _inside(schema: Any, key: str) -> Any:
    return schema.get(key) if isinstance(schema, Mapping) else None


@dataclass
class _Hidden:
    """What is hidden at one place: all of it, or what is below."""

    whole: bool = False
    below: dict[str, _Hidden] = field(default_factory=dict)

    def add(self, path: list[str]) -> None:
        here = self
        for part in path:
            here = here.below.setdefault(part, _Hidden())
        here.whole = True

    @cached_property
    def named(self) -> _Hidden:
        """What is hidden below names: where a list stands in place of an object, its elements are taken for it."""
        return _Hidden(below={part: it for part, it in self.below.items() if part != "*" and not _INDEX(part)})


def _masked(value: Json, hidden: tuple[_Hidden, ...]) -> Json:
    hidden = tuple(it for it in hidden if it.whole or it.below)
    if not hidden:
        return value
    if any(it.whole for it in hidden):
        return MASK
    if isinstance(value, list):
        through = tuple(it.named for it in hidden)
        return [_masked(element, (*through, *_below(hidden, str(at)))) for at, element in enumerate(value)]
    if isinstance(value, Mapping):
        return {key: _masked(element, _below(hidden, key)) for key, element in value.items()}
    return value if value is None else MASK


def _below(hidden: tuple[_Hidden, ...], part: str) -> tuple[_Hidden, ...]:
    return tuple(it.below[key] for it in hidden for key in {part, "*"} if key in it.below)
