"""`writ dev`, from its start to its end."""

from __future__ import annotations

import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


def test_everything_starts_is_called_ends_and_is_there_again(
    place: Path, writ: Writ, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    dev = Dev(place)
    try:
        assert "nothing is published yet" in dev.welcome("writ new")
        url = dev.url
        copy_of_clinic(place / "specs")
        dev.until_said("clinic: published")
        _broken_app_is_shown_and_the_others_run(dev, writ)
        assert httpx.get(f"{url}/healthz").json() == {"status": "alive"}
    finally:
        code = dev.end(signal.SIGINT)
    assert code == 0
    assert "nothing runs any longer" in "".join(dev.said)
    assert processes_of(place) == []
    assert not (place / ".writ" / "api.json").exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
    shutil.rmtree(place / "specs" / "shop")
    dev = Dev(place)
    try:
        dev.welcome()
        said = "".join(dev.said)
        assert "clinic: nothing changed" in said
        assert "-- `shop` is published, and there is no folder `specs/shop`: `writ retire shop`" in said
        listed = writ("runs", "--outcome", "answered", "--format", "json").json
        assert [run["tool"] for run in listed] == ["add_task", "list_free_slots"]
    finally:
        assert dev.end(signal.SIGTERM) == 0


def _broken_app_is_shown_and_the_others_run(dev: Dev, writ: Writ) -> None:
    # Made elsewhere and moved, so that it is never seen whole.
    writ("new", dev.folder / "drafts" / "shop")
    file = dev.folder / "drafts" / "shop" / "tools" / "add_task.yaml"
    change(file, "entity: Task", "entity: Taks")
    (dev.folder / "drafts" / "shop").rename(dev.folder / "specs" / "shop")
    broken = dev.folder / "specs" / "shop" / "tools" / "add_task.yaml"
    dev.until_said("`specs/shop` has 1 problem and was not published")
    assert "did you mean `Task`?" in "".join(dev.said)
    assert _soon(writ, "call", "clinic.list_free_slots", "--role", "reception") == {"slots": []}
    change(broken, "entity: Taks", "entity: Task")
    dev.until_said("shop: published")
    assert "task" in _soon(writ, "call", "shop.add_task", "title=Water", "--role", "member")


def test_what_runs_already_is_named(here: Dev) -> None:
    again = run_process("dev", cwd=here.folder)
    assert again.code == 1
    assert f"started by process {here.process.pid}" in again.err
    assert here.url in again.err


def test_the_welcome_says_where_everything_is(here: Dev) -> None:
    assert here.url in here.welcomed
    assert f"{here.url}/docs" in here.welcomed
    assert "Temporal UI" in here.welcomed
    assert "writ call clinic.list_free_slots" in here.welcomed


def _soon(writ: Writ, *arguments: str) -> Any:
    deadline = time.monotonic() + 5
    while True:
        called = writ(*arguments)
        if called.code == 0 or time.monotonic() > deadline:
            assert called.code == 0, called.err
            return called.json
