from __future__ import annotations

from benchmarks.measures.interpreter import InMemory


async def test_the_booking_in_memory_is_a_whole_one() -> None:
    outcome = await InMemory().book()
    assert outcome.outcome == "answered"
    assert set(outcome.response) == {"appointment", "starts_at"}
