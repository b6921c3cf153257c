"""A comparison for a terminal: the worst first, each with its two places and a way out."""

from __future__ import annotations

from cli.diffing.comparison import Comparison
from cli.report.source_lines import BLUE, BOLD, RED, YELLOW, Ink, showable
from writ.changes.change import Change
from writ.findings import Colour
from writ.source import Span

GREEN = "\x1b[1;32m"
_INK = {Colour.red: RED, Colour.yellow: YELLOW, Colour.green: GREEN}


def as_text(comparison: Comparison, *, colour: bool) -> str:
    """The whole report, without a line break at its end."""
    ink = Ink(colour)
    parts = [_change(change, places(comparison, change), ink) for change in comparison.changes]
    parts += [ink(YELLOW, "note") + f": {showable(note)}" for note in comparison.notes]
    names = f"{showable(comparison.old.name)} → {showable(comparison.new.name)}"
    parts.append(f"{names}: {ink(_INK[comparison.level], str(comparison.level))}, {comparison.counts}")
    return "\n\n".join(parts)


def _change(change: Change, where: str, ink: Ink) -> str:
    head = ink(_INK[change.level], f"{change.level}[{change.kind.word}]")
    lines = [f"{head}{ink(BOLD, ': ' + showable(change.message))}"]
    lines.append(f"  {ink(BLUE, '-->')} {showable(where)}  ({showable(change.path)})")
    if change.help:
        lines.append(f"   {ink(BLUE, '=')} {ink(BOLD, 'help:')} {showable(change.help)}")
    return "\n".join(lines)


def places(comparison: Comparison, change: Change) -> str:
    """Where it stood and where it stands, by file and line."""
    old, new = (line_of(span) for span in comparison.places(change))
    return old if old == new else f"{old} → {new}"


def line_of(span: Span | None) -> str:
    """File and line, or that it is not there."""
    return f"{span.file}:{span.line}" if span else "(not there)"
