"""A comparison as a comment of a pull request, in Markdown as GitHub reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cli.diffing.comparison import Comparison
from cli.diffing.text import line_of
from cli.report.source_lines import showable
from writ.changes.change import Change
from writ.findings import Colour

_SIGNS = {Colour.red: "🔴", Colour.yellow: "🟡", Colour.green: "🟢"}
_TITLES = {
    Colour.red: "Red: more rights, less protection, or broken",
    Colour.yellow: "Yellow: needs a look",
    Colour.green: "Green: for information",
}
# What would become markup, a mention or a link. Code between backticks is code already.
_MARKUP = re.compile(r"([\\*_\[\]<>#|~@!&])")


def as_markdown(comparison: Comparison) -> str:
    """The whole comment."""
    names = f"`{_code(comparison.old.name)}` → `{_code(comparison.new.name)}`"
    lines = [f"### {_SIGNS[comparison.level]} {_escaped(comparison.new.app.name)}: {comparison.counts}", "", names]
    for note in comparison.notes:
        lines += ["", f"> {_escaped(note)}"]
    for level in reversed(Colour):
        found = [change for change in comparison.changes if change.level is level]
        if found:
            lines += ["", *_section(level, found, comparison)]
    return "\n".join(lines) + "\n"


def _section(level: Colour, changes: list[Change], comparison: Comparison) -> Iterator[str]:
    """Green is folded away: who reviews reads the rest first."""
    folded = level is Colour.green
    yield f"<details><summary>{_TITLES[level]} ({len(changes)})</summary>" if folded else f"#### {_TITLES[level]}"
    yield ""
    yield "| what | where | way out |"
    yield "|---|---|---|"
    for change in changes:
        what = f"{_escaped(change.message)}<br>`{_code(change.kind.word)}`"
        yield f"| {what} | {_places(comparison, change)} | {_escaped(change.help)} |"
    if folded:
        yield ""
        yield "</details>"


def _places(comparison: Comparison, change: Change) -> str:
    places = dict.fromkeys(comparison.places(change))
    return "<br>".join(f"`{_code(line_of(place))}`" if place else line_of(place) for place in places)


def _escaped(text: str) -> str:
    parts = showable(text).split("`")
    if len(parts) % 2 == 0:  # a backtick without another: no code at all
        return _MARKUP.sub(r"\\\1", showable(text).replace("`", "'"))
    return "`".join(_code(part) if number % 2 else _MARKUP.sub(r"\\\1", part) for number, part in enumerate(parts))


def _code(text: str) -> str:
    """Text that stands between backticks in a cell: a bar would end the cell even there."""
    return showable(text).replace("`", "'").replace("|", r"\|")
