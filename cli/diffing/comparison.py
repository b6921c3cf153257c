"""Two versions compared, and what a report says of the whole."""

from __future__ import annotations

from dataclasses import dataclass

from cli.versions.side import Side
from writ.changes.change import Change
from writ.changes.compare import compare
from writ.findings import Colour, worst
from writ.source import Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides and every change from the first to the second."""

    old: Side
    new: Side
    changes: tuple[Change, ...]

    @property
    def level(self) -> Colour:
        """That of the worst change; green where nothing changed."""
        return worst(change.level for change in self.changes)

    def places(self, change: Change) -> tuple[Span | None, Span | None]:
        """Where it stands on both sides, None where it is not there: the place of the app stands in for that."""
        if change.path == self.new.app.name:
            return change.before, change.after
        old, new = (None if place == side.app.span else place for place, side in self._sides(change))
        return old, new

    def _sides(self, change: Change) -> tuple[tuple[Span | None, Side], tuple[Span | None, Side]]:
        return (change.before, self.old), (change.after, self.new)

    @property
    def counts(self) -> str:
        """How many changes of each level there are, in words."""
        levels = [change.level for change in self.changes]
        told = [f"{levels.count(level)} {level}" for level in reversed(Colour) if level in levels]
        return ", ".join(told) if told else "nothing changed"

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be compared, and why."""
        return tuple(_note(side) for side in (self.old, self.new) if side.problems)


def _note(side: Side) -> str:
    count = len(side.problems)
    first = side.problems[0]
    names = ", ".join(f"`{name}`" for name in side.uncompared)
    left_out = f"; the steps of {names} were not compared" if names else ""
    more = f" and {count - 1} more" if count > 1 else ""
    return f"`{side.name}` has problems, what is typed was compared: {first.span}: {first.message}{more}{left_out}"


def compared(old: Side, new: Side) -> Comparison:
    """Every change from `old` to `new`."""
    return Comparison(old, new, compare(old.app, new.app))
