"""What an examination found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Found:
    """One line of `writ doctor`: `well`, `wrong` (with the way out), or a `note` that may be as it should."""

    state: Literal["well", "wrong", "note"]
    what: str
    way_out: str = ""


def well(what: str) -> Found:
    """Something is as it should be."""
    return Found("well", what)


def wrong(what: str, way_out: str) -> Found:
    """Something is not as it should be."""
    return Found("wrong", what, way_out)


def note(what: str, way_out: str = "") -> Found:
    """Something to know, which may be as it should be."""
    return Found("note", what, way_out)
