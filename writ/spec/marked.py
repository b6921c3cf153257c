"""Marked: a value of a spec together with the place where its author wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from writ.source import Span
from writ.spec.scalar_places import Notation, block_start, value_places
from writ.spec.source_text import SourceText

Scalar = str | int | float | bool | None
Plain = Scalar | list["Plain"] | dict[str, "Plain"]
Style = Literal["plain", "quoted", "block"]

_STYLES: dict[Notation, Style] = {"plain": "plain", "single": "quoted", "double": "quoted", "block": "block"}


@dataclass(frozen=True, slots=True)
class Written:
    """The stretch of a file, from index `start` up to `end`, that spells one scalar, quotes or indicator included."""

    source: SourceText
    start: int
    end: int
    notation: Notation

    @property
    def text(self) -> str:
        """What stands in the file, as it stands there."""
        return self.source.text[self.start : self.end]

    def place(self, value: str, offset: int, length: int) -> Span | None:
        """Where `length` characters of `value`, from `offset` on, stand; None when that cannot be said exactly."""
        places = value_places(self.notation, self.text, value)
        if places is None:
            return None
        first = max(0, min(offset, len(value)))
        last = max(first, min(offset + length, len(value)))
        return self.source.span(self.start + places[first], self.start + places[last])


@dataclass(frozen=True, slots=True)
class Marked:
    """A scalar, list or mapping of a spec and its place.

    `span` of a quoted or block scalar points at its content, behind the quote or below the indicator. `key_spans` holds
    the place of each key of a mapping. `style` says how a scalar was written; a list or mapping counts as `plain`.
    """

    value: Scalar | list[Marked] | dict[str, Marked]
    span: Span
    key_spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
    style: Style = "plain"
    written: Written | None = field(default=None, compare=False, repr=False)

    def plain(self) -> Plain:
        """The value as nested plain Python, without places."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def place(self, offset: int, length: int = 1) -> Span:
        """The place of a part of this text, counted in characters of the value: for a mistake inside an expression.

        An offset at the end of the value is the place just behind it. Where a part cannot be found in what the author
        wrote (a number, a text with unusual line folding), the place is that of the whole value.
        """
        if not isinstance(self.value, str):
            return self.span
        if self.written is None:
            return self.span.within(offset, length)
        return self.written.place(self.value, offset, length) or self.span

    def key(self, name: str) -> Marked:
        """The key `name` of this mapping as a marked text, for checks of the name itself."""
        return Marked(name, self.key_spans.get(name, self.span))

    @property
    def head(self) -> Span:
        """Where to point when this value as a whole is meant: its first key, else its own place."""
        return next(iter(self.key_spans.values()), self.span)


def marked_scalar(value: Scalar, content: str, written: Written) -> Marked:
    """A scalar as it was read; `content` is its text before that was taken for a number, `true` or nothing."""
    return Marked(value, _content_span(content, written), style=_STYLES[written.notation], written=written)


def _content_span(content: str, written: Written) -> Span:
    if written.notation == "block":
        first = block_start(written.text, content)
        start, end = (0, 1) if first is None else (first, len(written.text))
        return written.source.span(written.start + start, written.start + end)
    quote = 0 if written.notation == "plain" else 1
    return written.source.span(written.start + quote, written.end - quote)
