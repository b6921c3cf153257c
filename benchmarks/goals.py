"""What is to be reached. With `--strict` a goal that is missed ends in exit code 1, an aim never."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound for one figure."""

    bound: Literal["at most", "at least"]
    limit: float
    aim: bool = False

    def reached(self, value: float) -> bool:
        """Whether the figure is within the bound."""
        return value <= self.limit if self.bound == "at most" else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.bound == 'at most' else '≥'} {self.limit:g}{' (aim)' if self.aim else ''}"


GOALS: Mapping[str, Goal] = {
    "booking_p50": Goal("at most", 12, aim=True),
    "booking_p95": Goal("at most", 50, aim=True),
    "booking_to_handwritten": Goal("at most", 1.15),
    "naive_to_booking": Goal("at least", 5),
    "interpreter_cpu": Goal("at most", 1),
    "history_events": Goal("at most", 12),
    "history_json": Goal("at most", 8),
    "history_proto": Goal("at most", 8),
    "check_cold": Goal("at most", 1),
    "check_large": Goal("at most", 5),
    "check_growth": Goal("at most", 1.5),
    "memory_dev": Goal("at most", 250),
    "memory_apart": Goal("at most", 250),
}
"""By the name of the figure, in its unit."""
