"""What the tour prints: numbered steps, each request and its answer, and what was made sure of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cli.terminal import console, shown, styled

_LONGEST = 108
_INSIDE = "    "


class TourFailed(Exception):
    """Something the tour showed was not as it must be."""


class Show:
    """Prints a tour to stdout, plain where it is not a terminal."""

    def __init__(self) -> None:
        self._screen = console()
        self._number = 0

    def step(self, title: str) -> None:
        """A new step."""
        self._number += 1
        self._line("")
        self._line(f"{self._number:>2}  {title}", "bold")

    def note(self, text: str) -> None:
        """A sentence inside a step."""
        self._line(_INSIDE + text, "dim")

    def request(self, method: str, path: str, who: str, headers: Mapping[str, str], body: Any) -> None:
        """What is sent."""
        self._line(f"{_INSIDE}→ {method} {path}  as {who}", "cyan")
        for name, value in headers.items():
            self._line(f"{_INSIDE}  {name}: {value}", "dim")
        if body is not None:
            self._line(f"{_INSIDE}  {_short(body)}")

    def answer(self, status: int, content: Any, milliseconds: float) -> None:
        """What comes back."""
        style = "green" if status < 400 else "yellow" if status < 500 else "red"
        self._line(f"{_INSIDE}← {status}  {_short(_telling(content))}  ({milliseconds:.0f} ms)", style)
        for error in content.get("errors", []) if isinstance(content, dict) else []:
            self._line(f"{_INSIDE}    {error['pointer'] or 'the input'}: {error['message']}", style)

    def sure(self, what: str, holds: bool) -> None:
        """Something the tour relies on; TourFailed where it does not hold."""
        if not holds:
            self._line(f"{_INSIDE}✗ {what}", "bold red")
            raise TourFailed(what)
        self._line(f"{_INSIDE}✓ {what}", "bold green")

    def command(self, line: str, output: str) -> None:
        """A command as typed, and what it printed."""
        self._line(f"{_INSIDE}$ {line}", "cyan")
        for each in output.rstrip().splitlines():
            self._line(_INSIDE + each)

    def plain(self, text: str, style: str = "") -> None:
        """A line at the margin."""
        self._line(text, style)

    def _line(self, text: str, style: str = "") -> None:
        self._screen.print(styled(shown(text), style), soft_wrap=True)
        self._screen.file.flush()


def _telling(content: Any) -> Any:
    """Of a "no" what a person reads: code and sentence."""
    if isinstance(content, dict) and "code" in content:
        return {"code": content["code"], "detail": content["detail"]}
    return content


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 2] + " …"
