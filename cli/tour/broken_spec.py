"""A spec with mistakes: what its author sees."""

from __future__ import annotations

import shutil
from pathlib import Path

from cli.tour.guide import Guide

_TOOL = Path("tools") / "book_appointment.yaml"
_MISTAKES = {
    "slot.starts_at > now": "slot.start_at > now",
    "to: taken": "to: takn",
    "else: slot_not_free": "else: slot_not_fre",
}


async def broken_spec(guide: Guide, app: Path) -> None:
    """Three mistakes in a spec: all of them at once, each with its line, a caret and the way out."""
    folder = guide.stage.folder / "specs" / app.name
    shutil.copytree(app, folder)
    text = (folder / _TOOL).read_text()
    for right, wrong in _MISTAKES.items():
        text = text.replace(right, wrong, 1)
    (folder / _TOOL).write_text(text)
    code, output = await guide.stage.command("check", f"specs/{app.name}", folder=guide.stage.folder)
    guide.show.command(f"writ check specs/{app.name}", output)
    carets = sum(line.rstrip().endswith("^") for line in output.splitlines())
    guide.show.sure(
        "all three are reported with their places, and nothing is stored", code == 1 and carets == len(_MISTAKES)
    )
