from __future__ import annotations

import os
import subprocess
import sys

import pytest

from embedded import process
from embedded.process import command_line, mark, own_mark


def test_a_process_keeps_its_mark_until_it_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        first = mark(child.pid)
        assert first is not None
        assert mark(child.pid) == first
        assert first != own_mark()
        assert "input()" in command_line(child.pid)
        child.communicate(b"\n")
    assert not first.alive
    assert mark(child.pid) is None
    assert command_line(child.pid) == ""


def test_a_process_that_waits_to_be_reaped_has_ended() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    found = mark(child.pid)
    assert found is not None
    os.kill(child.pid, 9)
    assert process.wait_until_gone(found, 10)
    child.communicate()


@pytest.mark.parametrize("way", [process._started_by_proc, process._started_by_ps])
def test_both_ways_of_asking_the_system_tell_one_process_from_none(way: object) -> None:
    assert callable(way)
    if way is process._started_by_proc and not process._has_proc():
        pytest.skip("this system has no /proc")
    assert way(os.getpid()) == way(os.getpid()) != ""
    assert way(os.getpid()) != way(1)
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert way(ended.pid) == ""
