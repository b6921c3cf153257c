"""The tour of `make demo`, taken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import CHECKOUT, clean_environment, processes_of


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli.demo", *arguments],
        cwd=CHECKOUT, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip


def folder_of(tour: subprocess.Popen[str]) -> Path:
    return CHECKOUT / ".writ" / "demo" / str(tour.pid)


def test_the_tour_shows_everything_and_leaves_nothing() -> None:
    with start() as tour:
        shown, _ = tour.communicate(timeout=120)
    assert tour.returncode == 0, shown
    assert "✗ exactly" not in shown
    for text in (
        "Temporal UI  http://",
        "by the same run, with the same appointment",
        '409  {"code": "slot_not_free"',
        "← 1 × 200, 19 × 409",
        '404  {"code": "not_found"',
        '403  {"code": "forbidden"',
        '422  {"code": "invalid_input"',
        '403  {"code": "suspended_accounts"',
        '409  {"code": "one_booking_per_slot"',
        "the new worker finished the run",
        "its transaction was committed exactly once",
        "✗ 6 enforce invariants",
        "^^^^",
        "red[PAY001 payment-in-transaction]",
        "the money is gone without a trace",
        "red[WRT001 update-without-where]",
        "red[TXN001 write-outside-transaction]",
        "red[WRT002 hard-delete]",
        "`writ publish` refuses: nothing is stored",
        "nothing is left running",
    ):
        assert text in shown, text
    assert "\x1b" not in shown
    assert processes_of(folder_of(tour)) == []
    assert not folder_of(tour).exists()


def test_a_tour_that_is_interrupted_leaves_nothing() -> None:
    with start() as tour:
        assert tour.stdout is not None
        while "`writ publish" not in (line := tour.stdout.readline()):
            assert line
        os.kill(tour.pid, signal.SIGINT)
        tour.communicate(timeout=60)
    assert tour.returncode == 130
    assert processes_of(folder_of(tour)) == []
    assert not folder_of(tour).exists()


def test_an_option_that_does_not_exist_is_wrong_usage() -> None:
    with start("--fast") as tour:
        shown, _ = tour.communicate(timeout=30)
    assert tour.returncode == 2
    assert "--keep" in shown
