"""All benchmarks: progress on stderr, a table on stdout, `benchmarks/results/latest.json`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import machine
from benchmarks.caller import Caller
from benchmarks.measures.breakdown import breakdown
from benchmarks.measures.checking import checking
from benchmarks.measures.history import history
from benchmarks.measures.interpreter import interpreter
from benchmarks.measures.latency import WRIT_PATH, book, latency
from benchmarks.measures.processes import cold_start, memory_apart, resident
from benchmarks.measures.throughput import throughput
from benchmarks.report import Figure, Report
from benchmarks.sizes import FULL, TINY, Sizes
from benchmarks.stage import Stage, set_up

LATEST = Path(__file__).parent / "results" / "latest.json"


def measure(sizes: Sizes, say: Callable[[str], None]) -> Report:
    """Everything, in a few minutes at full size; nothing is left running."""
    report = Report(machine.facts())
    say("cold starts")
    report.figures += cold_start(sizes)
    say("checks of large apps")
    report.figures += checking(sizes)
    say("the interpreter in memory")
    report.figures += interpreter(sizes)
    with set_up(sizes, say) as stage:
        report.figures += memory_apart(stage)
        _with_servers(stage, sizes, report)
        report.parts |= breakdown(stage, sizes)
    return report


def _with_servers(stage: Stage, sizes: Sizes, report: Report) -> None:
    with stage.writ("dev") as writ, stage.server("handwritten") as handwritten:
        idle = resident(writ)
        report.figures += latency(stage, sizes, writ, handwritten)
        with Caller(writ.port) as caller:
            run = book(caller, stage.diary, WRIT_PATH).run
        assert run is not None
        report.figures += history(stage.engines.temporal_address, run)
        report.figures += throughput(stage, sizes, writ, handwritten)
        report.figures += [
            Figure("memory_dev", "`writ dev`, API and worker in one process, idle", idle, "MiB"),
            Figure("memory_dev_after", "the same after all bookings", resident(writ), "MiB"),
        ]


def main(arguments: list[str] | None = None) -> int:
    """Measure and report; the exit code, 1 where `--strict` finds a goal missed."""
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {line}", file=sys.stderr, flush=True)

    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a goal is missed")
    parser.add_argument("--tiny", action="store_true", help="count to almost nothing: whether it runs, not how fast")
    parser.add_argument("--output", type=Path, default=LATEST, help="where the report goes, as JSON")
    chosen = parser.parse_args(arguments)
    report = measure(TINY if chosen.tiny else FULL, say)
    report.write(chosen.output)
    say("done")
    print(report.text())
    for each in report.missed:
        say(f"missed: {each.what} is {each.value:.3g} {each.unit}, to be {each.goal}")
    return 1 if chosen.strict and report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
