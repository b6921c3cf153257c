"""A comparison for programs: a versioned JSON document."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from cli.diffing.comparison import Comparison
from cli.versions.side import Side
from writ.changes.change import Change
from writ.source import Span

VERSION: Literal["1"] = "1"
"""Of the report's form: raised when a member is removed or means something else, not when one is added."""

Level = Literal["red", "yellow", "green"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ComparedPlace(_Part):
    """A place; `line`, `column` and `length` count characters, from 1."""

    file: str
    line: int
    column: int
    length: int


class ComparedChange(_Part):
    """One change: its kind, its level, its logical path, and its places in both versions."""

    kind: str
    level: Level
    path: str
    message: str
    help: str
    old: ComparedPlace | None
    new: ComparedPlace | None


class ComparedSide(_Part):
    """A version as it was named. `uncompared`: tools whose steps could not be compared because of a problem."""

    name: str
    app: str
    problems: int
    uncompared: list[str]


class ComparisonReport(_Part):
    """What `writ diff` found."""

    version: Literal["1"] = Field(default=VERSION, description="The version of this form.")
    level: Level
    old: ComparedSide
    new: ComparedSide
    changes: list[ComparedChange]


def report(comparison: Comparison) -> ComparisonReport:
    """The comparison as programs read it."""
    return ComparisonReport(
        level=comparison.level.value,
        old=_side(comparison.old),
        new=_side(comparison.new),
        changes=[_change(change) for change in comparison.changes],
    )


def _side(side: Side) -> ComparedSide:
    return ComparedSide(
        name=side.name, app=side.app.name, problems=len(side.problems), uncompared=list(side.uncompared)
    )


def _change(change: Change) -> ComparedChange:
    return ComparedChange(
        kind=change.kind.word,
        level=change.level.value,
        path=change.path,
        message=change.message,
        help=change.help,
        old=_place(change.before),
        new=_place(change.after),
    )


def _place(span: Span | None) -> ComparedPlace | None:
    if span is None:
        return None
    return ComparedPlace(file=span.file, line=span.line, column=span.column, length=span.length)
