"""`writ doctor`: whether everything is there, and the way out where it is not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import typer

from cli.endings import BLOCKED, CannotGoOn
from cli.terminal import Format, FormatOption, console, print_json, shown, styled
from cli.typed import as_typed

if TYPE_CHECKING:
    from cli.checkup.found import Found
    from settings import Settings

_MARKS = {"well": ("ok", "green"), "wrong": ("!!", "bold red"), "note": ("--", "yellow")}


def doctor(format: FormatOption = Format.text) -> None:
    """Look whether everything is as it should be.

    Python, packages, settings, PostgreSQL and its roles, Temporal, releases, ports. `!!` comes with the way out and
    exit code 1; `--` is something to know.
    """
    import asyncio

    all_well = asyncio.run(_examine(format))
    raise typer.Exit(0 if all_well else BLOCKED)


async def _examine(format: Format) -> bool:
    results: list[Found] = []
    async for found in _everything():
        results.append(found)
        if format is Format.text:
            _print(found)
    all_well = not any(each.state == "wrong" for each in results)
    if format is Format.json:
        checks = [{"state": each.state, "what": each.what, "way_out": as_typed(each.way_out)} for each in results]
        print_json({"ok": all_well, "checks": checks})
    return all_well


async def _everything() -> AsyncIterator[Found]:
    from cli.checkup import machine
    from cli.checkup.found import well, wrong
    from settings import BadSettings, Settings

    for found in (*machine.python(), *machine.packages(), *machine.variables()):
        yield found
    try:
        settings = Settings()
    except BadSettings as reasons:
        for line in str(reasons).splitlines():
            yield wrong(line, "see the line")
        return
    yield well(f"the settings of {settings.environment}")
    for found in _of_settings(settings):
        yield found
    async for found in _engines(settings):
        yield found


def _of_settings(settings: Settings) -> Iterator[Found]:
    from cli.checkup import machine

    yield from machine.token_keys(settings)
    yield from machine.history_keys(settings)
    yield from machine.api(settings)


async def _engines(settings: Settings) -> AsyncIterator[Found]:
    from cli.checkup.found import wrong
    from cli.checkup.postgres import postgres
    from cli.checkup.temporal import temporal
    from cli.engines import with_engines
    from cli.history_key import has_history_key

    try:
        database = with_engines(settings, "database").require_database()
        async for found in postgres(database, settings.specs_folder, encrypts=has_history_key(settings)):
            yield found
    except CannotGoOn as reason:
        yield wrong(f"PostgreSQL: {reason.reason}", reason.help)
    try:
        async for found in temporal(with_engines(settings, "temporal")):
            yield found
    except CannotGoOn as reason:
        yield wrong(f"Temporal: {reason.reason}", reason.help)


def _print(found: Found) -> None:
    mark, style = _MARKS[found.state]
    screen = console()
    screen.print(styled(mark, style), styled(shown(found.what)), soft_wrap=True)
    if found.way_out:
        screen.print(styled(f"   → {shown(as_typed(found.way_out))}", "dim"), soft_wrap=True)
