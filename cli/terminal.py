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

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

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
    print(line, file=sys.stderr, flush=True)


def complain(reason: str, help: str = "") -> None:
    """An error in one line and its way out, on stderr."""
    screen = console(sys.stderr)
    for word, style, text in (("error", "bold red", reason), ("help", "bold cyan", help)):
        if text:
            screen.print(styled(f"{word}:", style), text, soft_wrap=True)


def print_json(value: Any) -> None:
    """One JSON value, for programs."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under their headings, in columns."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    with_spaces = console()
    if with_spaces.is_terminal:
        with_spaces.print(table)
        return
    with with_spaces.capture() as captured:
        with_spaces.print(table)
    for line in captured.get().splitlines():
        print(line.rstrip())


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
