"""What the README shows of Writ's output is what Writ prints."""

from __future__ import annotations

from pathlib import Path

from cli.report.text import render_problems
from writ.check import check_app

ROOT = Path(__file__).parents[2]


def test_the_mistake_that_is_shown_is_reported_like_that() -> None:
    files = {str(path.relative_to(ROOT)): path.read_bytes() for path in (ROOT / "specs" / "clinic").rglob("*.yaml")}
    name = "specs/clinic/tools/book_appointment.yaml"
    files[name] = files[name].replace(b"slot.starts_at > now", b"slot.strats_at > now")
    checked = check_app(files, "clinic")
    shown = (ROOT / "README.md").read_text().split("```text\n")[1].split("```")[0]
    assert render_problems(checked.problems, checked.sources, colour=False).strip() == shown.strip()
