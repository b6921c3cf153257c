"""The page on performance: it says the goals that the benchmarks judge by, and no figure that would go stale."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.goals import GOALS

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "performance.md"
ROW = re.compile(r"^\| `(\w+)` \|.*\| ([≤≥] [\d.]+)[^|]*\|$", re.MULTILINE)


def test_the_goals_of_the_page_are_those_of_the_benchmarks() -> None:
    rows = dict(ROW.findall(PAGE.read_text()))
    assert rows == {name: str(goal).removesuffix(" (aim)") for name, goal in GOALS.items()}


def test_the_page_has_no_figures_of_its_own() -> None:
    prose = "\n".join(line for line in PAGE.read_text().splitlines() if not ROW.match(line))
    assert re.findall(r"\d[\d.,]*\s*(?:ms|MiB|KiB|µs|×|%)", prose) == []
