"""Tables as a terminal of some width shows them."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import sys
import termios
from pathlib import Path

import pytest

from cli.terminal import print_table

HEADINGS = ("moment", "run", "outcome", "by")
ROWS = [("2026-11-20 18:09:49", "e5d8b5ab-b0da-4b97-9405-7902a29b640c", "refused: suspended", "日本")]


def shown(monkeypatch: pytest.MonkeyPatch, columns: int) -> list[str]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    for name in ("COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setenv("COLUMNS", str(columns))
        print_table(HEADINGS, ROWS, least=("by", "moment"))
        terminal.flush()
        written = os.read(ours, 65536).decode()
    os.close(ours)
    return written.splitlines()


def test_everything_is_there_where_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    heading, row = shown(monkeypatch, 84)
    assert heading.split() == list(HEADINGS)
    assert row.split("  ") == list(ROWS[0])


@pytest.mark.parametrize(("columns", "gone"), [(83, "by"), (60, "by, moment"), (20, "by, moment")])
def test_columns_go_before_an_id_is_wrapped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int, gone: str
) -> None:
    lines = shown(monkeypatch, columns)
    assert len(lines) == 2
    assert ROWS[0][1] in lines[1]
    assert capsys.readouterr().err == f"left out, as the terminal is narrow: {gone}\n"


def test_a_file_gets_all_columns(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    print_table(HEADINGS, ROWS, least=HEADINGS)
    assert capsys.readouterr().out.splitlines()[1].split("  ") == list(ROWS[0])
