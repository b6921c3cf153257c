"""What our processes cost: the time of a cold `writ check`, and the memory of API and worker when nobody calls."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.booking_sql import CLINIC, ROOT
from benchmarks.report import Figure
from benchmarks.sizes import Sizes
from benchmarks.stage import Served, Stage

_WRIT = str(Path(sys.executable).with_name("writ"))


def cold_start(sizes: Sizes) -> list[Figure]:
    """Wall time of whole processes. Python's compiled files are there, as they are from the second start on."""
    check = [_WRIT, "check", str(CLINIC)]
    python = [sys.executable, "-c", "pass"]
    return [
        Figure("check_cold", "`writ check specs/clinic`, cold process", _seconds(check, sizes.cold_starts), "s"),
        Figure("python_cold", "a Python process that does nothing", _seconds(python, sizes.cold_starts), "s"),
    ]


def _seconds(command: list[str], count: int) -> float:
    found = []
    for _ in range(count + 1):
        began = time.monotonic()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        found.append(time.monotonic() - began)
    return median(found[1:])


def memory_apart(stage: Stage) -> list[Figure]:
    """`writ serve` and `writ worker` beside each other."""
    with ExitStack() as stack:
        api = stack.enter_context(stage.writ("serve"))
        worker = stack.enter_context(stage.writ("worker"))
        of_api, of_worker = resident(api), resident(worker)
    return [
        Figure("memory_api", "`writ serve`, idle", of_api, "MiB"),
        Figure("memory_worker", "`writ worker`, idle", of_worker, "MiB"),
        Figure("memory_apart", "`writ serve` and `writ worker`, idle, together", of_api + of_worker, "MiB"),
    ]


def resident(served: Served) -> float:
    """The resident memory of a server, in MiB."""
    status = Path(f"/proc/{served.pid}/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmRSS:")]
        return int(line.split()[1]) / 1024
    asked = subprocess.run(["ps", "-o", "rss=", "-p", str(served.pid)], check=True, capture_output=True, text=True)
    return int(asked.stdout) / 1024
