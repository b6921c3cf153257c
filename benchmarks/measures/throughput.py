"""How many bookings a second one process takes from callers that all call at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat

from benchmarks.caller import Caller, CallFailed
from benchmarks.measures.latency import RIVAL_PATH, WRIT_PATH, book, p95
from benchmarks.report import Figure
from benchmarks.sizes import Sizes
from benchmarks.stage import Served, Stage


@dataclass(slots=True)
class _Served:
    """What one server did: the waits of the bookings it took, and how many calls it could not take."""

    per_second: float = 0.0
    waited: list[float] = field(default_factory=list)
    not_taken: int = 0


def throughput(stage: Stage, sizes: Sizes, writ: Served, handwritten: Served) -> list[Figure]:
    """Bookings per second for each number of callers, of Writ and of the hand-written workflow."""
    found: list[Figure] = []
    for clients, count in sizes.clients:
        stage.say(f"{count} bookings by {clients} callers at once")
        ours = _measured(stage, writ.port, WRIT_PATH, clients, count)
        by_hand = _measured(stage, handwritten.port, RIVAL_PATH, clients, count)
        found += [*_figures("throughput", "booking", clients, ours)]
        found += [*_figures("throughput_handwritten", "hand-written booking", clients, by_hand)]
    return found


def _figures(name: str, what: str, clients: int, served: _Served) -> list[Figure]:
    callers = f"{clients} {'caller' if clients == 1 else 'callers'}"
    found = [
        Figure(f"{name}_{clients}", f"{what}s per second, {callers}", served.per_second, "1/s"),
        Figure(f"{name}_{clients}_p95", f"{what}, p95, {callers}", p95(served.waited), "ms"),
    ]
    if served.not_taken:
        what = f"{what}, {callers}: calls not answered in time"
        found.append(Figure(f"{name}_{clients}_not_taken", what, served.not_taken, "calls"))
    return found


def _measured(stage: Stage, port: int, path: str, clients: int, count: int) -> _Served:
    tickets, served = iter(range(count)), _Served()

    def client(_: None) -> None:
        with Caller(port) as caller:
            # Appending to a list and taking from an iterator are one step each for the interpreter: no lock.
            for _ticket in tickets:
                try:
                    served.waited.append(book(caller, stage.diary, path).milliseconds)
                except CallFailed:
                    served.not_taken += 1

    with ThreadPoolExecutor(clients) as pool:
        began = time.monotonic()
        list(pool.map(client, repeat(None, clients)))
        served.per_second = len(served.waited) / (time.monotonic() - began)
    return served
