"""`writ why`: what each of the nine steps of a run decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from cli.endings import CannotGoOn
from cli.run_prefix import SHORTEST, full_id
from cli.terminal import Format, FormatOption, console, print_json, say, shown, styled

if TYPE_CHECKING:
    from activities.postgres import Pool
    from activities.runs import RecordedRun
    from settings import Settings
    from writ.effects import Step

_STEPS = {
    "validate": "1 validate the input",
    "authorize": "2 authorize",
    "policies": "3 check policies",
    "start_transaction": "4 start the transaction",
    "execute": "5 execute the flow",
    "invariants": "6 enforce invariants",
    "commit": "7 commit",
    "audit": "8 write the audit record",
    "respond": "9 respond",
}
_MARKS = {
    "passed": ("✓", "green"),
    "refused": ("✗", "yellow"),
    "failed": ("✗", "red"),
    "skipped": ("–", "dim"),
    "rolled_back": ("↩", "yellow"),
}
_COLOURS = {"answered": "bold green", "refused": "bold yellow", "failed": "bold red"}


def why(
    run: Annotated[
        str | None,
        typer.Argument(help="The run's id, or how it begins (6 characters or more); the latest run if not given."),
    ] = None,
    format: FormatOption = Format.text,
) -> None:
    """Explain a run.

    What each of the nine steps decided, the trace of its nodes, the refusal, the release.
    """
    from cli.commands.runs import as_json
    from cli.database import ask
    from settings import Settings

    settings = Settings()
    found = ask(settings, lambda pool: _recorded(pool, run))
    if found is None:
        _not_recorded(settings, run)
    elif format is Format.json:
        print_json(as_json(found))
    else:
        _print(found)


async def _recorded(pool: Pool, run: str | None) -> RecordedRun | None:
    from activities.runs import find, recent

    if run is not None:
        return await find(pool, await full_id(pool, run))
    latest = await recent(pool, limit=1)
    return latest[0] if latest else None


def _not_recorded(settings: Settings, run: str | None) -> None:
    if run is None:
        raise CannotGoOn("no run has ended here yet", "`writ call` makes one")
    going_on = _going_on(settings, run)
    if going_on is None:
        beginning = f"; of its beginning {SHORTEST} characters are needed" if len(run) < SHORTEST else ""
        raise CannotGoOn(f"there is no run `{shown(run)}`", f"`writ runs` lists the latest{beginning}")
    raise CannotGoOn(
        f"{going_on}, so nothing has been recorded yet", "ask again when it has ended; the Temporal UI shows it live"
    )


def _going_on(settings: Settings, run: str) -> str | None:
    """What Temporal knows of a run without an audit row; None when it knows nothing."""
    import asyncio

    from api.temporal_runs import TemporalRuns
    from cli.engines import with_engines
    from worker import connect_temporal
    from writ.effects import Failure

    async def asked() -> str | None:
        client = await connect_temporal(with_engines(settings, "temporal"))
        found = await TemporalRuns(client, settings.task_queue).find(run)
        if found is None:
            return None
        what = f"`{found.invocation.app}.{found.invocation.tool}`, started {found.started_at},"
        return f"{what} goes on" if found.running else f"{what} was ended from outside"

    try:
        return asyncio.run(asked())
    except (Failure, RuntimeError, CannotGoOn) as error:
        say(f"Temporal could not be asked: {error}")
        return None


def _print(run: RecordedRun) -> None:
    screen = console()
    for text, style in lines(run):
        screen.print(styled(text, style), soft_wrap=True)


def lines(run: RecordedRun) -> Iterator[tuple[str, str]]:
    """The explanation, line by line, each with its style."""
    from cli.commands.runs import ended_as, took

    record = run.record
    roles = ", ".join(record.roles) or "no role"
    yield f"{record.app}.{record.tool} {ended_as(run)}", _COLOURS[record.outcome]
    if record.refusal is not None:
        yield f"{shown(record.refusal.message)} ({record.refusal.status}, decided by {record.refusal.source})", ""
        for pointer, message in record.refusal.pointers:
            yield f"  {shown(pointer) or 'the input'}: {shown(message)}", ""
    if record.failure is not None:
        yield shown(record.failure), ""
    yield "", ""
    yield f"run      {record.run_id}", ""
    yield f"by       {shown(record.subject)} ({shown(roles)}), {record.trigger}", ""
    yield f"at       {record.started_at}, took {took(run)}", ""
    yield f"release  {record.release}", ""
    yield "", ""
    for step in record.steps:
        yield _step(step)
    yield from _section("trace", [f"{each.node} ({each.kind}): {shown(each.result)}" for each in record.trace])
    given = json.dumps(record.input, ensure_ascii=False, indent=2)
    yield from _section("input, with personal values masked", [shown(line) for line in given.splitlines()])


def _section(title: str, content: list[str]) -> Iterator[tuple[str, str]]:
    if content:
        yield "", ""
        yield title, "bold"
        yield from ((f"  {line}", "") for line in content)


def _step(step: Step) -> tuple[str, str]:
    mark, colour = _MARKS[step.outcome]
    detail = ": ".join(shown(part) for part in (step.transaction, step.detail) if part)
    said = "" if step.outcome in ("passed", "skipped") else f"[{step.outcome.replace('_', ' ')}] "
    return f"  {mark} {_STEPS[step.step]:<26} {said}{detail}".rstrip(), colour
