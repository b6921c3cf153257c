"""`writ plan`: what would run, and what publishing would change."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.completion import complete_app
from cli.endings import BLOCKED, CannotGoOn, Misused
from cli.terminal import Format, complain, say

if TYPE_CHECKING:
    from activities.migration import Migration
    from cli.checked_spec import CheckedSpec
    from writ.plan.model import Release, ToolPlan


def plan(
    folder: Annotated[Path, typer.Argument(help="The folder of the app.", autocompletion=complete_app)],
    tool: Annotated[str | None, typer.Argument(help="One tool; all of them if not given.")] = None,
    format: Annotated[
        Format, typer.Option("--format", help="`json`: the canonical release, whose SHA-256 is its digest.")
    ] = Format.text,
) -> None:
    """Show what would run: plans and SQL.

    And what publishing would change in the database, where one can be reached.
    """
    from cli.checked_spec import check_folder
    from cli.showing import required

    checked = check_folder(folder)
    _, release = required(checked)
    if format is Format.json:
        _print_canonical(release, tool)
        return
    from cli.plan_text import release_text, tool_text
    from writ.plan.release import release_digest

    if tool is not None:
        print(tool_text(_of(release, tool), release.app), end="")
        return
    print(release_text(release))
    print(f"release {release_digest(release)}\n", flush=True)
    refused = _print_migration(checked)
    raise typer.Exit(BLOCKED if refused else 0)


def _of(release: Release, tool: str) -> ToolPlan:
    from writ.problems import did_you_mean

    name = tool.removeprefix(f"{release.app}.")
    if name not in release.tools:
        raise Misused(f"`{release.app}` has no tool `{tool}`", did_you_mean(name, release.tools))
    return release.tools[name]


def _print_canonical(release: Release, tool: str | None) -> None:
    from writ.digest import canonical

    # Without a line break at the end: these bytes are what the digest is computed over.
    value = (release if tool is None else _of(release, tool)).model_dump(mode="json")
    sys.stdout.buffer.write(canonical(value))
    sys.stdout.buffer.flush()


def _print_migration(checked: CheckedSpec) -> bool:
    """Print what publishing would change, where a database is there to compare; whether it would be refused."""
    import asyncio

    from cli.engines import with_engines
    from cli.publishing import pending_migration
    from settings import BadSettings, Settings

    try:
        url = with_engines(Settings(), "publish").require_publish_database()
    except (CannotGoOn, BadSettings) as reason:
        say(f"the tables were not compared with a database: {reason}")
        return False
    try:
        found = asyncio.run(pending_migration(checked, url))
    except CannotGoOn as reason:
        complain(reason.reason, reason.help)
        return True
    print("\n".join(_migration_lines(found)))
    return bool(found.refusals)


def _migration_lines(found: Migration) -> list[str]:
    if not found.statements and not found.refusals:
        return ["the database fits already"]
    count = len(found.statements)
    lines = [f"publishing would run {count} statement{'s' if count > 1 else ''}:"] if count else []
    lines += [f"  {line}" for statement in found.statements for line in f"{statement};".splitlines()]
    if found.refusals:
        lines.append("publishing would be refused:")
        lines += [f"  {refusal}" for refusal in found.refusals]
    return lines
