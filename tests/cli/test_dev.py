"""`writ dev`, from its start to its end."""

from __future__ import annotations

import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Dev, Writ, change, copy_of_clinic, processes_of, run_process


@pytest.fixture
def place() -> Iterator[Path]:
    """Not `tmp_path`: PostgreSQL may run as another user, who has to pass through."""
    path = Path(tempfile.mkdtemp(prefix="writ-test-")).resolve()
    path.chmod(0o711)
    yield path
    left = processes_of(path)
    shutil.rmtree(path)
    assert left == []


def test_everything_starts_is_called_ends_and_is_there_again(place: Path) -> None:
    copy_of_clinic(place / "specs")
    dev = Dev(place)
    try:
        welcome = dev.welcome()
        url = dev.url
        assert url in welcome
        assert "/docs" in welcome
        assert "Temporal UI" in welcome
        called = run_process("call", "clinic.list_free_slots", "--role", "reception", cwd=place)
        assert (called.code, called.json) == (0, {"slots": []})
        again = run_process("dev", cwd=place)
        assert again.code == 1
        assert f"started by process {dev.process.pid}" in again.err
        assert url in again.err
        assert httpx.get(f"{url}/healthz").json() == {"status": "alive"}
    finally:
        code = dev.end(signal.SIGINT)
    assert code == 0
    assert "nothing runs any longer" in "".join(dev.said)
    assert processes_of(place) == []
    assert not (place / ".writ" / "api.json").exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
    dev = Dev(place)
    try:
        dev.welcome()
        assert "nothing changed" in "".join(dev.said)
        listed = run_process("runs", "--format", "json", cwd=place).json
        assert [run["tool"] for run in listed] == ["list_free_slots"]
    finally:
        assert dev.end(signal.SIGTERM) == 0


def test_a_broken_app_is_shown_and_the_others_run(place: Path, writ: Writ) -> None:
    copy_of_clinic(place / "specs")
    writ("new", place / "specs" / "shop")
    broken = place / "specs" / "shop" / "tools" / "add_task.yaml"
    change(broken, "entity: Task", "entity: Taks")
    dev = Dev(place)
    try:
        dev.welcome()
        said = "".join(dev.said)
        assert "did you mean `Task`?" in said
        assert "`specs/shop` has 1 problem and was not published" in said
        assert run_process("call", "clinic.list_free_slots", "--role", "reception", cwd=place).code == 0
        change(broken, "entity: Taks", "entity: Task")
        dev.until_said("shop: published")
        added = _soon(place, "call", "shop.add_task", "title=Water", "--role", "member")
        assert "task" in added
    finally:
        assert dev.end() == 0


def test_a_checkout_without_apps_starts_and_says_how_to_make_one(place: Path) -> None:
    dev = Dev(place)
    try:
        assert "nothing is published yet" in dev.welcome("writ new")
    finally:
        assert dev.end() == 0


def _soon(folder: Path, *arguments: str) -> str:
    deadline = time.monotonic() + 5
    while True:
        called = run_process(*arguments, cwd=folder)
        if called.code == 0 or time.monotonic() > deadline:
            return called.out
