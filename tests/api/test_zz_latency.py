from __future__ import annotations
import asyncio, statistics, time
import pytest
from tests.api.conftest import Stage


@pytest.mark.parametrize("n", [200])
async def test_latency(stage: Stage, n: int) -> None:
    async with stage.api() as api:
        slots = [await api.app.slot(starts_at=f"2099-01-{1 + i // 24:02d}T{i % 24:02d}:00:00Z") for i in range(n + n)]
        for _ in range(2):
            ts = []
            keyed = []
            for s in slots[:100]:
                t = time.perf_counter()
                a = await api.book(s)
                ts.append(time.perf_counter() - t)
            for s in slots[100:200]:
                t = time.perf_counter()
                a = await api.book(s, key=s)
                keyed.append(time.perf_counter() - t)
            bad = []
            for s in slots[100:200]:
                t = time.perf_counter()
                a = await api.book("x")
                bad.append(time.perf_counter() - t)
            for name, x in (("book", ts), ("keyed", keyed), ("refused", bad)):
                print(name, "p50", round(statistics.median(x) * 1e3, 2), "p95", round(sorted(x)[95] * 1e3, 2))
            slots = slots[200:]
