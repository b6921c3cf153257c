"""What all commands share: help, exit codes, and how they end when something goes wrong."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import cli.spec_folder
from cli.main import _COMMANDS, main
from tests.cli.conftest import CHECKOUT, Writ, change, clean_environment, copy_of_clinic, run_process

ISSUED = {
    "new",
    "check",
    "rules",
    "schema",
    "diff",
    "explain",
    "acknowledge",
    "graph",
    "plan",
    "publish",
    "retire",
    "dev",
    "serve",
    "worker",
    "token",
    "call",
    "runs",
    "why",
    "doctor",
}
HEAVY = ("sqlalchemy", "temporalio", "fastapi", "httpx", "asyncpg", "pydantic", "asyncio", "jsonschema", "rich")


def test_all_commands_are_there() -> None:
    assert set(_COMMANDS) == ISSUED


def test_the_help_names_every_command(writ: Writ) -> None:
    shown = writ("--help")
    assert shown.code == 0
    assert [name for name in ISSUED if f"  {name} " not in shown.out] == []


@pytest.mark.parametrize("command", sorted(ISSUED))
def test_every_command_explains_itself(writ: Writ, command: str) -> None:
    shown = writ(command, "--help")
    assert shown.code == 0
    assert f"Usage: writ {command}" in shown.out


def test_the_version(writ: Writ) -> None:
    assert writ("--version").out.startswith("writ ")


def test_a_command_that_does_not_exist_is_wrong_usage(writ: Writ) -> None:
    refused = writ("chek")
    assert refused.code == 2
    assert "check" in refused.err


def test_settings_that_are_wrong_are_named(writ: Writ, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRIT_API_PORT", "many")
    refused = writ("serve")
    assert refused.code == 2
    assert "`WRIT_API_PORT`" in refused.err


def test_a_mistake_of_ours_ends_with_3_and_a_sentence(
    writ: Writ, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> None:
        raise ZeroDivisionError("something impossible")

    monkeypatch.setattr(cli.spec_folder, "read", broken)
    ended = writ("check", folder)
    assert ended.code == 3
    assert "ZeroDivisionError: something impossible" in ended.err
    assert "WRIT_DEBUG=1" in ended.err
    assert "Traceback" not in ended.err
    monkeypatch.setenv("WRIT_DEBUG", "1")
    assert "Traceback" in writ("check", folder).err


def test_commands_without_engines_say_how_to_start_them(writ: Writ, folder: Path) -> None:
    for command in ("runs", "why", "worker", "serve"):
        refused = writ(command)
        assert (refused.code, refused.out) == (1, "")
        assert "`writ dev`" in refused.err


def test_nothing_heavy_is_imported_before_a_command_needs_it() -> None:
    program = f"import cli.main, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, *arguments: str, **variables: str) -> str:
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    with monkeypatch.context() as patch, os.fdopen(theirs, "w") as terminal:
        for name, value in {"TERM": "xterm-256color", "COLUMNS": "100", **variables}.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdout", terminal)
        patch.setattr(sys, "stderr", terminal)
        main(arguments)
    written = b""
    with suppress(OSError):  # the other side is closed
        while read := os.read(ours, 65536):
            written += read
    os.close(ours)
    return written.decode()


def test_a_terminal_gets_colours_unless_they_are_not_wanted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(copy_of_clinic(folder) / "app.yaml", "roles:", "rolls:")
    for command in (("check", "clinic"), ("doctor",), ("--help",)):
        assert "\x1b[" in on_a_terminal(monkeypatch, *command)
        assert "\x1b[" not in on_a_terminal(monkeypatch, *command, NO_COLOR="1")


def test_a_pipe_gets_plain_text(tmp_path: Path) -> None:
    app = copy_of_clinic(tmp_path)
    change(app / "app.yaml", "roles:", "rolls:")
    ended = run_process("check", "clinic", cwd=tmp_path, FORCE_COLOR="1")
    assert ended.code == 1
    assert "\x1b" not in ended.out + ended.err
