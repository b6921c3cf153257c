"""All benchmarks, counted to almost nothing: that they run and what they report, never how fast anything was."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.booking_sql import clinic, names_of_statements
from benchmarks.goals import GOALS
from benchmarks.measures.breakdown import UNNAMED, WAYS

ROOT = Path(__file__).resolve().parent.parent.parent
FACTS = {"measured_on", "cores", "load_before", "system", "architecture", "python", "temporalio", "asyncpg"}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    output = tmp_path_factory.mktemp("benchmarks") / "report.json"
    command = [sys.executable, "-m", "benchmarks", "--tiny", "--output", str(output)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
    assert ran.returncode == 0, ran.stderr
    return ran, json.loads(output.read_text())


def test_every_goal_has_its_figure(done: tuple[Any, dict[str, Any]]) -> None:
    names = [figure["name"] for figure in done[1]["figures"]]
    assert set(GOALS) <= set(names)
    assert len(set(names)) == len(names)


def test_every_figure_stands_in_the_printed_table(done: tuple[Any, dict[str, Any]]) -> None:
    assert [figure["what"] for figure in done[1]["figures"] if figure["what"] not in done[0].stdout] == []


def test_the_way_of_a_call_is_known_from_end_to_end(done: tuple[Any, dict[str, Any]]) -> None:
    plain, keyed = done[1]["parts"].values()
    known = set(WAYS.values())
    statements = {f"transaction: statement, {name}" for name in names_of_statements(clinic()[1]).values()}
    found = {part["what"] for part in plain}
    assert known | statements | {UNNAMED} <= found | {part["what"] for part in keyed}
    assert "the Idempotency-Key" not in found


def test_the_parts_add_up_to_the_whole_call(done: tuple[Any, dict[str, Any]]) -> None:
    for parts in done[1]["parts"].values():
        *each, whole = [part["milliseconds"] for part in parts]
        assert sum(each) == pytest.approx(whole)


def test_the_report_says_what_it_was_measured_with_and_nothing_that_names_the_machine(
    done: tuple[Any, dict[str, Any]],
) -> None:
    text = json.dumps(done[1])
    assert set(done[1]["machine"]) >= FACTS
    assert str(ROOT) not in text
    assert "127.0.0.1" not in text
