"""Where an author wrote a value: file, line and column, carried from the first read to the last message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one line of a source file.

    `line` and `column` count from 1, `column` in characters (not bytes). `length` is the number of characters to
    underline, at least 1; a value that runs over several lines is underlined to the end of its first line.
    `file` is the path as the author would type it, relative to the folder the command ran in where possible.
    """

    file: str
    line: int
    column: int
    length: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def within(self, offset: int, length: int = 1) -> Span:
        """The part of this span that starts `offset` characters into it, for a place inside an expression."""
        return Span(self.file, self.line, self.column + offset, max(1, length))
