"""Tables as a terminal of some width shows them."""

from __future__ import annotations

import os
import pty
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from cli.terminal import print_table

HEADINGS = ("moment", "run", "outcome", "by")
ROWS = [("2026-11-20 18:09:49", "e5d8b5ab-b0da-4b97-9405-7902a29b640c", "refused: suspended", "日本")]


def shown(monkeypatch: pytest.MonkeyPatch, columns: int) -> list[str]:
    ours, theirs = pty.openpty()
    for name, value in (("TERM", "xterm"), ("NO_COLOR", "1"), ("COLUMNS", str(columns))):
        monkeypatch.setenv(name, value)
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        print_table(HEADINGS, ROWS, least=("by", "moment"))
    written = b""
    with suppress(OSError):  # the other side is closed
        while read := os.read(ours, 65536):
            written += read
    os.close(ours)
    return written.decode().splitlines()


def test_everything_is_there_where_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    heading, row = shown(monkeypatch, 83)
    assert heading.split() == list(HEADINGS)
    assert row.split("  ") == list(ROWS[0])


@pytest.mark.parametrize(("columns", "gone"), [(82, "by"), (60, "by, moment"), (20, "by, moment")])
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
