"""`writ runs`: the latest runs that have ended."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli.completion import complete_tool
from cli.terminal import Format, FormatOption, print_json, print_table, say, shown

if TYPE_CHECKING:
    from activities.runs import RecordedRun


_HEADINGS = ("recorded (UTC)", "run", "tool", "outcome", "by", "took")


class EndedAs(StrEnum):
    """How a run ended."""

    answered = "answered"
    refused = "refused"
    failed = "failed"


def runs(
    tool: Annotated[
        str | None,
        typer.Option(
            help="Of this tool only: `app.tool`, `tool`, or `app.` for a whole app.", autocompletion=complete_tool
        ),
    ] = None,
    outcome: Annotated[EndedAs | None, typer.Option(help="Only those that ended so.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only those of this caller.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    format: FormatOption = Format.text,
) -> None:
    """List the latest runs that have ended.

    Newest first, as the audit record tells of them.
    """
    from activities.runs import recent
    from cli.database import ask
    from settings import Settings

    app, tool_only = _parts(tool)
    found = ask(
        Settings(),
        lambda pool: recent(
            pool, app=app, tool=tool_only, outcome=outcome.value if outcome else None, subject=subject, limit=limit
        ),
    )
    if format is Format.json:
        print_json([as_json(each) for each in found])
    elif found:
        print_table(_HEADINGS, [_row(each) for each in found], least=("took", "by", "recorded (UTC)"))
    else:
        say("no run has ended here that fits")


def as_json(run: RecordedRun) -> dict[str, object]:
    """A run for programs: its audit record, and its id as `run`."""
    record = run.record.model_dump(mode="json")
    return {"run": record.pop("run_id"), **record, "recorded_at": run.recorded_at}


def took(run: RecordedRun) -> str:
    """The time from the start of the run to its audit row."""
    from datetime import datetime

    started, recorded = (datetime.fromisoformat(text) for text in (run.record.started_at, run.recorded_at))
    seconds = max(0.0, (recorded - started).total_seconds())
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.0f} s"


def ended_as(run: RecordedRun) -> str:
    """How it ended, in a few words."""
    record = run.record
    return f"refused: {record.refusal.code}" if record.refusal else record.outcome


def _row(run: RecordedRun) -> tuple[str, ...]:
    record = run.record
    moment = run.recorded_at[:19].replace("T", " ")
    return moment, record.run_id, f"{record.app}.{record.tool}", ended_as(run), shown(record.subject), took(run)


def _parts(tool: str | None) -> tuple[str | None, str | None]:
    if tool is None:
        return None, None
    app, dot, name = tool.rpartition(".")
    return (app if dot else None) or None, name or None
