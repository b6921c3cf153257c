"""Cases of the safety rules: an app, a few edits, and what the safety engine must say of it.

An edit replaces consecutive lines, compared without their common indentation, by others at the same indentation. The
decisive line carries a comment: `# red: why`, `# yellow: why` or, in a near miss, `# green: why`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from writ.check import CheckedApp, check_app
from writ.judgement import Judgement, judge

ROOT = Path(__file__).parents[3]
CASES = ROOT / "writ" / "rules" / "cases"
FOLDER = Path(__file__).parent / "apps"
APPS = {
    "shop": FOLDER / "shop",
    "clinic": ROOT / "specs" / "clinic",
    "my_app": ROOT / "cli" / "new_app",
}
EXAMPLES = {name: FOLDER / name for name in ("billing", "desk", "hotel", "leave", "wallet")}
"""Apps as honest authors write them: any finding in one of them is a false alarm."""


@dataclass(frozen=True, eq=False)
class Case:
    """One case. `marks` is a text on the decisive line, where that line cannot carry a comment. `today`: the day it is
    judged, for acknowledgements. `besides`: ids of the rules whose open findings the case needs and is not about.
    """

    rule: str
    app: str
    name: str
    colour: str
    edits: list[dict[str, str]] = field(default_factory=list)
    files: dict[str, str | None] = field(default_factory=dict)
    previous: list[dict[str, str]] | None = None
    marks: str = ""
    count: int = 1
    today: date | None = None
    besides: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.rule} {self.name}".replace(" ", "-")

    def texts(self) -> dict[str, str]:
        """The files of the case's app."""
        return self._edited(self.edits) | {path: text for path, text in self.files.items() if text is not None}

    def previous_texts(self) -> dict[str, str] | None:
        """The files of the release before, where the case has one."""
        return None if self.previous is None else self._edited(self.previous)

    def _edited(self, edits: list[dict[str, str]]) -> dict[str, str]:
        texts = {path: text for path, text in app_files(self.app).items() if self.files.get(path, "") is not None}
        for edit in edits:
            texts[edit["file"]] = edited(texts[edit["file"]], edit["from"], edit["to"])
        return texts

    def decisive_lines(self) -> list[tuple[str, int]]:
        """File and line (from 1) of each decisive line."""
        sign = self.marks or f"# {self.colour}:"
        return [
            (path, number)
            for path, text in self.texts().items()
            for number, line in enumerate(text.splitlines(), 1)
            if sign in line
        ]


@cache
def app_files(app: str) -> Mapping[str, str]:
    """The files of an app by their path in it."""
    folder = (APPS | EXAMPLES)[app]
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.yaml"))}


def edited(text: str, old: str, new: str) -> str:
    """The text with the first run of lines that reads `old` replaced; fails where there is none."""
    wanted = textwrap.dedent(old).strip("\n").splitlines()
    lines = text.splitlines()
    for start in range(len(lines) - len(wanted) + 1):
        found = lines[start : start + len(wanted)]
        if textwrap.dedent("\n".join(found)).splitlines() == wanted:
            indent = found[0][: len(found[0]) - len(found[0].lstrip())]
            placed = textwrap.indent(textwrap.dedent(new).strip("\n"), indent).splitlines() if new.strip() else []
            return "\n".join([*lines[:start], *placed, *lines[start + len(wanted) :]]) + "\n"
    raise AssertionError(f"these lines stand nowhere:\n{old}")


def check_texts(texts: Mapping[str, str], app: str) -> CheckedApp:
    """Check an app given by its texts."""
    return check_app({path: text.encode() for path, text in texts.items()}, app)


@cache
def judged(case: Case) -> Judgement:
    """What the safety engine says of a case."""
    checked = check_texts(case.texts(), case.app)
    before = case.previous_texts()
    previous = check_texts(before, case.app).app if before is not None else None
    assert checked.partial is not None, checked.problems
    return judge(checked.partial, checked.problems, previous=previous, today=case.today)


@cache
def cases() -> tuple[Case, ...]:
    """All cases of all files."""
    return tuple(case for path in sorted(CASES.glob("*.yaml")) for case in cases_of(path))


def cases_of(path: Path) -> Iterator[Case]:
    """The cases of one file."""
    written: dict[str, Any] = yaml.safe_load(path.read_text())
    for case in written["cases"]:
        yield Case(**{"rule": written["rule"], "app": written.get("app", "shop"), **case})
