"""How a process ends: with its exit code, after everything it wrote has gone out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from tests.cli.conftest import CHECKOUT, Dev, clean_environment, run_process

THREADS = """
import sys, threading, time
from cli.endings import leave
threading.Thread(target=lambda: time.sleep(600)).start()
print("x" * 100_000)
print("beside", file=sys.stderr)
leave(7)
"""


def run(program: str, stdout: IO[Any] | int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT, env=clean_environment(PYTHONUNBUFFERED=""), stdout=stdout, stderr=subprocess.PIPE,
        text=True, check=False, timeout=30,
    )  # fmt: skip


def test_nothing_is_lost_and_no_thread_is_waited_for() -> None:
    ended = run(THREADS)
    assert (ended.returncode, len(ended.stdout), ended.stderr) == (7, 100_001, "beside\n")


def test_a_reader_who_has_seen_enough_is_no_reason_for_a_traceback() -> None:
    with subprocess.Popen(["true"], stdin=subprocess.PIPE) as reader:
        assert reader.stdin is not None
        reader.wait()
        ended = [run(f"from cli.endings import leave; print('x'); leave({code})", reader.stdin) for code in (0, 1)]
    assert [(one.returncode, one.stderr) for one in ended] == [(0, ""), (1, "")]


@pytest.mark.parametrize("arguments", [["rules"], ["rules", "--format", "json"], ["explain", "PAY001"]])
def test_a_command_is_cut_short_by_a_reader_who_has_seen_enough(arguments: list[str]) -> None:
    with subprocess.Popen(["true"], stdin=subprocess.PIPE) as reader:
        assert reader.stdin is not None
        reader.wait()
        ended = subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            cwd=CHECKOUT, env=clean_environment(), stdout=reader.stdin, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (ended.returncode in (0, 141), ended.stderr) == (True, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_output_that_cannot_be_written_is_no_success() -> None:
    with open("/dev/full", "w") as full:
        ended = run("from cli.endings import leave; print('x'); leave(0)", stdout=full)
    assert ended.returncode == 1
    assert ended.stderr == "error: the output could not be written: no space left on device\n"


def test_a_command_with_native_threads_ends_with_its_code(here: Dev) -> None:
    examined = run_process("doctor", cwd=here.folder)
    assert (examined.code, examined.err) == (0, "")
    assert "took runs from" in examined.out.splitlines()[-1]
