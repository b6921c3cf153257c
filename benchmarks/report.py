"""The report: figures with their goals and verdicts, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.goals import GOALS


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `name` finds its goal, `what` says it in words."""

    name: str
    what: str
    value: float
    unit: str

    @property
    def goal(self) -> str:
        """The goal in words, empty where there is none."""
        return str(GOALS[self.name]) if self.name in GOALS else ""

    @property
    def verdict(self) -> str:
        """`reached` or `missed`, empty where there is no goal."""
        if self.name not in GOALS:
            return ""
        return "reached" if GOALS[self.name].reached(self.value) else "missed"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of where the time of a call goes: the median, in milliseconds."""

    what: str
    milliseconds: float


@dataclass(slots=True)
class Report:
    """What one run of the benchmarks found. `parts` are breakdowns by title; each adds up to its last line."""

    machine: Mapping[str, Any]
    figures: list[Figure] = field(default_factory=list)
    parts: dict[str, Sequence[Part]] = field(default_factory=dict)

    @property
    def missed(self) -> list[Figure]:
        """The figures that miss a goal; aims do not count."""
        return [each for each in self.figures if each.verdict == "missed" and not GOALS[each.name].aim]

    def text(self) -> str:
        """The tables for people."""
        rows = [(each.what, _number(each.value), each.unit, each.goal, each.verdict) for each in self.figures]
        lines = _table(("figure", "value", "unit", "goal", "verdict"), rows)
        for title, parts in self.parts.items():
            total = parts[-1].milliseconds
            shares = [(p.what, f"{p.milliseconds:.3f}", f"{p.milliseconds / total:.0%}") for p in parts]
            lines += ["", title, "", *_table(("part", "ms", "share"), shares)]
        return "\n".join(lines)

    def value(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "machine": dict(self.machine),
            "figures": [{**asdict(each), "goal": each.goal, "verdict": each.verdict} for each in self.figures],
            "parts": {title: [asdict(part) for part in parts] for title, parts in self.parts.items()},
        }

    def write(self, file: Path) -> None:
        """Store it as JSON, whole or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".tmp")
        new.write_text(json.dumps(self.value(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        new.replace(file)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 1_000 else f"{value:.3g}"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    ruled = [head, tuple("-" * width for width in widths), *rows]
    return [_line(row, widths) for row in ruled]


def _line(row: tuple[str, ...], widths: Sequence[int]) -> str:
    # Words to the left, figures (the second column) to the right.
    placed = enumerate(zip(row, widths, strict=True))
    cells = [cell.rjust(width) if place == 1 else cell.ljust(width) for place, (cell, width) in placed]
    return "  ".join(cells).rstrip()
