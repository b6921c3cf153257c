"""A comparison as annotations of a pull request: at the new version's lines."""

from __future__ import annotations

from cli.diffing.comparison import Comparison
from cli.diffing.text import line_of
from cli.report.github import annotation
from writ.changes.change import Change
from writ.findings import Colour
from writ.source import Span

_LEVELS = {Colour.red: "error", Colour.yellow: "warning", Colour.green: "notice"}


def annotated(comparison: Comparison) -> list[str]:
    """One workflow command for each change."""
    return [_annotation(comparison, change) for change in comparison.changes]


def _annotation(comparison: Comparison, change: Change) -> str:
    place = change.after or change.before or Span("", 1, 1)
    told = [change.message]
    before, after = (line_of(span) for span in comparison.places(change))
    if before != after:
        told.append(f"before: {before}")
    if after != line_of(place):
        told.append(f"now: {after}")
    if change.help:
        told.append(f"help: {change.help}")
    return annotation(_LEVELS[change.level], place, change.kind.word, "\n".join(told))
