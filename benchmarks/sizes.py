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

    @property
    def bookings(self) -> int:
        """More bookings than all of it makes: each needs a slot of its own."""
        latency = 3 * self.warm_up + self.rounds * (2 * self.calls_per_round + self.naive_calls_per_round)
        together = sum(2 * count + clients for clients, count in self.clients)
        return latency + self.warm_up + 2 * self.traced_calls + together + 100


FULL = Sizes(
    warm_up=60,
    rounds=12,
    calls_per_round=25,
    naive_calls_per_round=4,
    traced_calls=150,
    interpreted_runs=2_000,
    cold_starts=5,
    clients=((1, 150), (8, 400), (32, 600)),
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
)
