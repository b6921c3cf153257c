"""How many bookings a second one process takes from callers that all call at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

from benchmarks.caller import Caller
from benchmarks.measures.latency import RIVAL_PATH, WRIT_PATH, book, p95
from benchmarks.report import Figure
from benchmarks.sizes import Sizes
from benchmarks.stage import Served, Stage


def throughput(stage: Stage, sizes: Sizes, writ: Served, handwritten: Served) -> list[Figure]:
    """Bookings per second for each number of callers, of Writ and of the hand-written workflow."""
    found: list[Figure] = []
    for clients, count in sizes.clients:
        stage.say(f"{count} bookings by {clients} callers at once")
        rate, waited = _rate(stage, writ.port, WRIT_PATH, clients, count)
        by_hand, _ = _rate(stage, handwritten.port, RIVAL_PATH, clients, count)
        found += [
            Figure(f"throughput_{clients}", f"bookings per second, {clients} callers", rate, "1/s"),
            Figure(f"throughput_{clients}_p95", f"p95 of a booking, {clients} callers", p95(waited), "ms"),
            Figure(f"throughput_{clients}_handwritten", f"hand-written, {clients} callers", by_hand, "1/s"),
        ]
    return found


def _rate(stage: Stage, port: int, path: str, clients: int, count: int) -> tuple[float, list[float]]:
    tickets = iter(range(count))

    def client(_: None) -> list[float]:
        with Caller(port) as caller:
            book(caller, stage.diary, path)
            return [book(caller, stage.diary, path).milliseconds for _ in _taken(tickets)]

    with ThreadPoolExecutor(clients) as pool:
        began = time.monotonic()
        waited = [each for found in pool.map(client, repeat(None, clients)) for each in found]
        seconds = time.monotonic() - began
    return (count + clients) / seconds, waited


def _taken(tickets: Iterator[int]) -> Iterator[int]:
    """Tickets until there are none; taking one from a shared iterator is one step for the interpreter."""
    yield from tickets
