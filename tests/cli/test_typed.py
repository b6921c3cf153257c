from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cli.typed import as_typed, writ
from tests.cli.conftest import Writ


def environment_in(folder: Path) -> Path:
    """A folder of programs as an environment has one, with `writ` in it."""
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "writ").touch(0o755)
    return programs


def test_what_the_shell_finds_needs_its_name_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(environment_in(folder)))
    assert writ() == "writ"


def test_else_it_is_typed_with_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = environment_in(folder)
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    assert writ() == ".venv/bin/writ"
    assert as_typed("`writ dev` starts one, `writ` is a name") == "`.venv/bin/writ dev` starts one, `writ` is a name"
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    assert writ() == str(programs / "writ")


def test_where_it_is_not_installed_python_runs_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    assert writ() == "python -m cli"


def test_messages_name_it_so(writ: Writ, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = environment_in(folder)
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    assert "`.venv/bin/writ dev`" in writ("runs").err
    assert "  .venv/bin/writ check specs/shop\n" in writ("new", "specs/shop").out
