"""How often everything is done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Counts of one run of all benchmarks. `clients` pairs numbers of clients with the bookings they make together."""

    warm_up: int
    rounds: int
    calls_per_round: int
    naive_calls_per_round: int
    traced_calls: int
    interpreted_runs: int
    cold_starts: int
    clients: tuple[tuple[int, int], ...]
    checked_tools: tuple[int, ...]

    @property
    def bookings(self) -> int:
        """More bookings than all of it makes: each needs a slot of its own."""
        latency = 4 * self.warm_up + self.rounds * (3 * self.calls_per_round + self.naive_calls_per_round)
        together = sum(2 * count for _, count in self.clients)
        return latency + self.warm_up + 2 * self.traced_calls + together + 100


FULL = Sizes(
    warm_up=40,
    rounds=16,
    calls_per_round=12,
    naive_calls_per_round=2,
    traced_calls=90,
    interpreted_runs=2_000,
    cold_starts=5,
    clients=((1, 100), (8, 240), (32, 320)),
    checked_tools=(100, 500, 1_000, 2_000, 5_000),
)
TINY = Sizes(
    warm_up=1,
    rounds=1,
    calls_per_round=2,
    naive_calls_per_round=1,
    traced_calls=2,
    interpreted_runs=5,
    cold_starts=1,
    clients=((2, 4),),
    checked_tools=(20, 40),
)
