"""The command `writ`: its subcommands, and how each of them ends."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from cli.commands import (
    acknowledge,
    call,
    check,
    dev,
    diff,
    doctor,
    explain,
    graph,
    new,
    plan,
    publish,
    retire,
    rules,
    runs,
    schema,
    serve,
    token,
    why,
    worker,
)
from cli.endings import BLOCKED, CUT_SHORT, FINE, INTERNAL, USAGE, CannotGoOn, leave
from cli.terminal import complain

app = typer.Typer(
    name="writ",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Runs business tools from checked specifications.",
)

_COMMANDS: dict[str, Callable[..., None]] = {
    "new": new.new,
    "check": check.check,
    "acknowledge": acknowledge.acknowledge,
    "diff": diff.diff,
    "explain": explain.explain,
    "rules": rules.rules,
    "schema": schema.schema,
    "graph": graph.graph,
    "plan": plan.plan,
    "publish": publish.publish,
    "retire": retire.retire,
    "dev": dev.dev,
    "serve": serve.serve,
    "worker": worker.worker,
    "token": token.token,
    "call": call.call,
    "runs": runs.runs,
    "why": why.why,
    "doctor": doctor.doctor,
}
for _name, _command in _COMMANDS.items():
    app.command(_name)(_command)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"writ {version('writ')}")
        raise typer.Exit()


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Its version.")
    ] = False,
) -> None:
    """Exit codes: 0 fine, 1 blocked or problems, 2 called in a wrong way, 3 a mistake of Writ itself."""


def run() -> None:
    """The entry point: ends the process with the exit code of the command."""
    # Most commands end before there is garbage worth looking for; those that stay turn the search on again.
    gc.disable()
    leave(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command in this process and return its exit code; whatever goes wrong has been said on stderr."""
    # Boxes and colours are for people; a file or a pipe gets the words.
    looked_at = sys.stdout.isatty() and sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    app.rich_markup_mode = "rich" if looked_at else None
    try:
        app(list(arguments), prog_name="writ")
    except SystemExit as end:
        # What prints for us ends the process with 1 itself when nobody reads on.
        if isinstance(end.__context__, BrokenPipeError):
            return CUT_SHORT
        return end.code if isinstance(end.code, int) else FINE
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        return _ended(error)
    return FINE


def _ended(error: Exception) -> int:
    if isinstance(error, CannotGoOn):
        complain(error.reason, error.help)
        return error.code
    known = _known(error)
    if known is not None:
        return known
    if os.environ.get("WRIT_DEBUG"):
        import traceback

        traceback.print_exception(error)
    reason = (str(error) or "no reason given").splitlines()[0]
    complain(
        f"Writ made a mistake: {type(error).__name__}: {reason}",
        "run it again with `WRIT_DEBUG=1` and report what it prints, with the output of `writ doctor`",
    )
    return INTERNAL


def _known(error: Exception) -> int | None:
    """What the parts below raise in our own words; looked up by what is loaded, so that nothing is imported for it."""
    modules = sys.modules
    if "settings" in modules and isinstance(error, modules["settings"].BadSettings):
        for line in str(error).splitlines():
            complain(line)
        return USAGE
    if "embedded.failure" in modules and isinstance(error, modules["embedded.failure"].EngineFailed):
        lines = "\n".join([error.reason, *(f"  | {line}" for line in error.log_lines)])
        complain(lines, error.help)
        return BLOCKED
    return None
