"""What a document holds, whatever it means: its texts, and the place of each of its keys."""

from __future__ import annotations

from collections.abc import Iterator

from writ.source import Span
from writ.spec.marked import Marked


def texts(marked: Marked) -> Iterator[tuple[str, Span]]:
    """Every text in the value and where it stands, however deep. One that aliases repeat is told each time."""
    match marked.value:
        case str() as text:
            yield text, marked.span
        case dict() as entries:
            for item in entries.values():
                yield from texts(item)
        case list() as items:
            for item in items:
                yield from texts(item)


def places(marked: Marked, path: str = "") -> Iterator[tuple[str, Span]]:
    """Every key and every entry of a list with its place, by its path of keys and indexes (`input.properties.slot`)."""
    match marked.value:
        case dict() as entries:
            for key, item in entries.items():
                yield f"{path}{key}", marked.key_spans[key]
                yield from places(item, f"{path}{key}.")
        case list() as items:
            for index, item in enumerate(items):
                yield f"{path}{index}", item.span
                yield from places(item, f"{path}{index}.")
