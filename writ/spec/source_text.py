"""The text of one spec file and where each of its characters stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from writ.source import Span

# YAML 1.2 knows exactly these line breaks; `str.splitlines` knows more and would count lines no editor shows.
LINE_BREAK = re.compile(r"\r\n|\r|\n")


class SourceText:
    """A file's text without byte order mark, and the way from a character's index to its line and column."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in LINE_BREAK.finditer(self.text))]

    @cached_property
    def _line_ends(self) -> list[int]:
        return [*(found.start() for found in LINE_BREAK.finditer(self.text)), len(self.text)]

    @cached_property
    def _last_place(self) -> int:
        return len(self.text.rstrip("\r\n"))

    def line_number(self, index: int) -> int:
        """The line, from 1, in which the character with this index stands."""
        return bisect_right(self._line_starts, index)

    def line_end(self, index: int) -> int:
        """The index just behind the last character of the line in which `index` stands."""
        return self._line_ends[self.line_number(index) - 1]

    def span(self, start: int, end: int) -> Span:
        """The characters from `start` up to but without `end`, cut at the end of their first line.

        A place behind the last line that holds anything is moved to the end of that line, so that it can be shown.
        """
        last = self._last_place
        start = last if start > last else max(start, 0)
        line = bisect_right(self._line_starts, start)
        stop = min(end, self._line_ends[line - 1])
        return Span(self.file, line, start - self._line_starts[line - 1] + 1, max(1, stop - start))
