from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from cli.main import main

CHECKOUT = Path(__file__).resolve().parents[2]
CLINIC = CHECKOUT / "specs" / "clinic"
OURS = ("WRIT_", "DATABASE_URL", "TEMPORAL_ADDRESS", "NO_COLOR", "FORCE_COLOR")


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Writ = Callable[..., Ended]


def path_with_writ() -> str:
    """The folders where a shell finds `writ`, as with an environment that is switched on."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def clean_environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | {
        "PYTHONPATH": str(CHECKOUT),
        "PATH": path_with_writ(),
        **more,
    }


@pytest.fixture(autouse=True)
def no_variables_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(OURS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", path_with_writ())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which commands run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def writ(capfd: pytest.CaptureFixture[str]) -> Writ:
    """A command in this process: the same code as the entry point runs, without a second's start."""

    def run(*arguments: str | Path) -> Ended:
        capfd.readouterr()
        code = main([str(each) for each in arguments])
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return run


def run_process(*arguments: str | Path, cwd: Path, **variables: str) -> Ended:
    """A command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "cli", *map(str, arguments)],
        cwd=cwd, env=clean_environment(**variables), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


def copy_of_clinic(specs: Path) -> Path:
    return Path(shutil.copytree(CLINIC, specs / "clinic"))


def change(file: Path, right: str, wrong: str) -> None:
    text = file.read_text()
    assert right in text
    file.write_text(text.replace(right, wrong, 1))


class Dev:
    """`writ dev` in a process of its own, in `folder`."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli", "dev"],
            cwd=folder, env=clean_environment(WRIT_API_PORT="0", **variables),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self.said: list[str] = []
        self.welcomed = ""

    def until_said(self, text: str) -> str:
        """The first line on stderr that holds the text."""
        assert self.process.stderr is not None
        with self._ends_rather_than_hangs():
            while line := self.process.stderr.readline():
                self.said.append(line)
                if text in line:
                    return line
        pytest.fail(f"`writ dev` ended without saying {text!r}: {''.join(self.said)}")

    def welcome(self, last: str = " call ") -> str:
        """What stdout says once everything is ready, up to the line that holds `last`."""
        self.until_said("ready after")
        assert self.process.stdout is not None
        lines = [""]
        with self._ends_rather_than_hangs():
            while last not in lines[-1]:
                lines.append(self.process.stdout.readline())
                assert lines[-1], self.said
        self.welcomed = "".join(lines)
        return self.welcomed

    @contextmanager
    def _ends_rather_than_hangs(self) -> Iterator[None]:
        watchdog = Timer(60, self.process.terminate)
        watchdog.start()
        try:
            yield
        finally:
            watchdog.cancel()

    @property
    def url(self) -> str:
        url: str = json.loads((self.folder / ".writ" / "api.json").read_text())["url"]
        return url

    def end(self, order: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(order)
        _, err = self.process.communicate(timeout=60)
        self.said.append(err)
        return self.process.returncode


def processes_of(folder: Path) -> list[str]:
    """All processes of this machine that work in the folder."""
    listing = subprocess.run(["ps", "-ww", "-eo", "pid,stat,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if re.search(rf"{re.escape(str(folder))}\b", line)]


@pytest.fixture(scope="session")
def running() -> Iterator[Dev]:
    """`writ dev` over a copy of the clinic, for every test that only calls what runs."""
    place = Path(tempfile.mkdtemp(prefix="writ-test-")).resolve()
    place.chmod(0o711)
    copy_of_clinic(place / "specs")
    dev = Dev(place)
    try:
        dev.welcome()
        yield dev
    finally:
        dev.end()
        shutil.rmtree(place)


@pytest.fixture
def here(running: Dev, monkeypatch: pytest.MonkeyPatch) -> Dev:
    """Commands run in the folder where everything runs."""
    monkeypatch.chdir(running.folder)
    return running
