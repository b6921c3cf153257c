"""What commands write: results to stdout, everything else to stderr, plain where nobody looks at a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal

import typer

from cli.typed import as_typed

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_GAP = 2
PLAIN_WIDTH = 10_000
"""Characters per line where no terminal sets a limit: a table in a file is not cut."""


class Format(StrEnum):
    """How data is printed."""

    text = "text"
    json = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.", show_choices=True)]


def console(stream: IO[str] | None = None) -> Console:
    """A console for `stream` (stdout if not given): colours on a terminal only, and none at all with NO_COLOR."""
    from rich.console import Console

    file = stream or sys.stdout
    width = None if file.isatty() else PLAIN_WIDTH
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") or not file.isatty() else "auto"
    return Console(file=file, color_system=colours, width=width, highlight=False, markup=False, emoji=False)


def styled(text: str, style: str = "") -> Text:
    """Text in one style; the style is dropped where there are no colours."""
    from rich.text import Text

    return Text(text, style)


def shown(text: str) -> str:
    """Text from elsewhere, in which nothing can command the terminal: what cannot be printed stands as its code."""
    return "".join(each if each.isprintable() else f"\\u{{{ord(each):x}}}" for each in text)


def say(line: str) -> None:
    """Tell the person at the terminal, beside the result."""
    print(as_typed(line), file=sys.stderr, flush=True)


def complain(reason: str, help: str = "") -> None:
    """An error in one line and its way out, on stderr."""
    screen = console(sys.stderr)
    for word, style, text in (("error", "bold red", reason), ("help", "bold cyan", help)):
        if text:
            screen.print(styled(f"{word}:", style), as_typed(text), soft_wrap=True)


def print_json(value: Any) -> None:
    """One JSON value, for programs."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, least: Sequence[str] = ()) -> None:
    """Rows under their headings, nothing wrapped or cut: ids are there to be copied.

    Where a terminal is too narrow the columns of `least` are left out, the first one first, until the rest fits; what
    was left out is said. A table that is still wider runs over.
    """
    columns = [[heading, *cells] for heading, *cells in zip(headings, *rows, strict=True)]
    left_out = _too_much(columns, least, console())
    for line in _lines([column for column in columns if column[0] not in left_out]):
        console().print(line, soft_wrap=True)
    if left_out:
        say(f"left out, as the terminal is narrow: {', '.join(left_out)}")


def _too_much(columns: list[list[str]], least: Sequence[str], screen: Console) -> list[str]:
    widths = {column[0]: _width(column) + _GAP for column in columns}
    left_out: list[str] = []
    for heading in least:
        if not screen.is_terminal or sum(widths.values()) - _GAP <= screen.width:
            break
        del widths[heading]
        left_out.append(heading)
    return left_out


def _lines(columns: list[list[str]]) -> Iterator[Text]:
    from rich.cells import set_cell_size

    padded = [[set_cell_size(cell, _width(column) + _GAP) for cell in column] for column in columns[:-1]]
    for number, cells in enumerate(zip(*padded, columns[-1], strict=True)):
        yield styled("".join(cells).rstrip(), "" if number else "bold")


def _width(column: list[str]) -> int:
    from rich.cells import cell_len

    return max(cell_len(cell) for cell in column)


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Say what takes a while: a spinner on a terminal, a line elsewhere."""
    screen = console(sys.stderr)
    if screen.is_terminal:
        with screen.status(what):
            yield
    else:
        say(f"{what} …")
        yield
