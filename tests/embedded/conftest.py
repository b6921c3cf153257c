from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from embedded.engines import Supervised, start
from embedded.process import ProcessMark, mark

CHECKOUT = Path(__file__).parents[2]

# What a program does that supervises engines: starts them, says so, and waits to be ended.
SUPERVISOR = """
import encodings.idna, json, os, signal, sys
from pathlib import Path
from embedded.engines import start
say = lambda line: print(json.dumps({"said": line}), flush=True)
options = json.loads(sys.argv[2])
if uid := options.pop("uid", None):
    # Only now: Python itself may lie where that user cannot read it.
    os.setgroups([]), os.setgid(uid), os.setuid(uid)
with start(Path(sys.argv[1]), say=say, ui=False, **options) as engines:
    print(json.dumps({"pids": engines.pids}), flush=True)
    signal.pause()
"""


class Supervisor:
    """Another process that supervises engines."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(folder), json.dumps(options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
        )

    def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            pytest.fail(f"the supervisor ended: {self.process.communicate()[1]}")
        found: dict[str, Any] = json.loads(line)
        return found

    def engines(self) -> list[ProcessMark]:
        while "pids" not in (said := self.read()):
            pass
        marks = [mark(pid) for pid in said["pids"].values()]
        return [each for each in marks if each is not None]

    def send(self, order: signal.Signals) -> None:
        self.process.send_signal(order)

    def wait(self) -> int:
        self.process.communicate(timeout=120)
        return self.process.returncode


def processes_of(folder: Path) -> list[str]:
    """All processes of this machine that work in the folder."""
    listing = subprocess.run(["ps", "-ww", "-eo", "pid,stat,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if str(folder) in line and SUPERVISOR not in line]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not `tmp_path`: pytest of another process takes the right to pass through its folders away again."""
    path = Path(tempfile.mkdtemp(prefix="writ-test-")).resolve()
    yield path / "data"
    left = processes_of(path)
    shutil.rmtree(path)
    assert left == []


@pytest.fixture
def supervise() -> Iterator[Callable[..., Supervisor]]:
    begun: list[Supervisor] = []

    def begin(folder: Path, **options: Any) -> Supervisor:
        begun.append(Supervisor(folder, **options))
        return begun[-1]

    yield begin
    for each in begun:
        if each.process.poll() is None:
            each.send(signal.SIGTERM)
        each.wait()


@pytest.fixture(scope="module")
def engines() -> Iterator[Supervised]:
    path = Path(tempfile.mkdtemp(prefix="writ-test-")).resolve()
    with start(path, ui=False) as running:
        yield running
    shutil.rmtree(path)
