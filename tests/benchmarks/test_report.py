from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.goals import GOALS
from benchmarks.report import Figure, Part, Report


def test_a_figure_is_judged_by_its_goal() -> None:
    limit = GOALS["interpreter_cpu"].limit
    assert Figure("interpreter_cpu", "CPU", limit, "ms").verdict == "reached"
    assert Figure("interpreter_cpu", "CPU", limit * 1.01, "ms").verdict == "missed"
    assert Figure("naive_to_booking", "ratio", GOALS["naive_to_booking"].limit - 0.1, "×").verdict == "missed"
    assert Figure("python_cold", "no goal", 1, "s").verdict == ""


def test_a_missed_aim_is_said_and_does_not_count() -> None:
    slow = Figure("booking_p50", "p50", 1e9, "ms")
    assert slow.verdict == "missed"
    assert Report(machine={}, figures=[slow]).missed == []
    heavy = Figure("memory_dev", "memory", 1e9, "MiB")
    assert Report(machine={}, figures=[slow, heavy]).missed == [heavy]


def test_the_table_shows_figures_and_parts() -> None:
    parts: dict[str, Sequence[Part]] = {"where it goes": [Part("here", 1.0), Part("the whole call", 4.0)]}
    text = Report(machine={}, figures=[Figure("memory_dev", "memory", 170, "MiB")], parts=parts).text()
    assert "memory    170  MiB   ≤ 250  reached" in text
    assert "25%" in text


def test_the_file_is_written_whole(tmp_path: Path) -> None:
    file = tmp_path / "results" / "latest.json"
    Report(machine={"cores": 2}, figures=[Figure("memory_dev", "memory", 170, "MiB")]).write(file)
    assert json.loads(file.read_text())["figures"][0]["verdict"] == "reached"
    assert [path.name for path in file.parent.iterdir()] == ["latest.json"]
