from __future__ import annotations

from uuid import uuid4

import pytest

from activities import runs
from activities.audit import record_audit
from activities.postgres import Pool
from writ.effects import AuditRecord

RUNS = (
    ("library", "lend", "answered", "ann"),
    ("library", "lend", "failed", "bob"),
    ("library", "give_back", "answered", "ann"),
    ("shop", "lend", "answered", "ann"),
)


@pytest.fixture
async def recorded(app_pool: Pool) -> dict[str, int]:
    """The numbers of the recorded runs by id, of apps that nobody else has."""
    mark, found = uuid4().hex[:8], {}
    for number, (app, tool, outcome, subject) in enumerate(RUNS):
        record = AuditRecord.model_validate(
            {
                "run_id": f"{mark}-{number}",
                "app": f"{app}_{mark}",
                "tool": tool,
                "release": "sha256:x",
                "trigger": "http",
                "subject": f"{subject}-{mark}",
                "roles": ["reader"],
                "started_at": "2026-11-20T12:00:00Z",
                "outcome": outcome,
                "failure": "what broke" if outcome == "failed" else None,
                "steps": [],
                "trace": [],
                "input": {"a": [1, None]},
                "input_digest": "sha256:y",
            }
        )
        await record_audit(app_pool, record)
        found[record.run_id] = number
    return found


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"app": "library"}, [2, 1, 0]),
        ({"app": "library", "tool": "lend"}, [1, 0]),
        ({"app": "library", "outcome": "answered"}, [2, 0]),
        ({"app": "library", "subject": "bob"}, [1]),
        ({"subject": "ann"}, [3, 2, 0]),
        ({"subject": "ann", "limit": 1}, [3]),
        ({"app": "library", "tool": "sell"}, []),
    ],
)
async def test_runs_come_newest_first_and_fit_every_condition(
    app_pool: Pool, recorded: dict[str, int], conditions: dict[str, object], expected: list[int]
) -> None:
    mark = next(iter(recorded)).partition("-")[0]
    marks = {"app": f"_{mark}", "subject": f"-{mark}"}
    asked = {name: f"{value}{marks[name]}" if name in marks else value for name, value in conditions.items()}
    found = await runs.recent(app_pool, **asked)  # type: ignore[arg-type]
    assert [recorded[run.record.run_id] for run in found] == expected


async def test_older_runs_are_those_that_ended_before(app_pool: Pool, recorded: dict[str, int]) -> None:
    app = f"library_{next(iter(recorded)).partition('-')[0]}"
    newest, *older = await runs.recent(app_pool, app=app)
    assert await runs.recent(app_pool, app=app, before=newest.recorded_at) == older


async def test_a_run_is_found_as_it_was_recorded(app_pool: Pool, recorded: dict[str, int]) -> None:
    run = next(run for run, number in recorded.items() if RUNS[number][2] == "failed")
    found = await runs.find(app_pool, run)
    assert found is not None
    assert (found.record.failure, found.record.input, found.record.roles) == (
        "what broke",
        {"a": [1, None]},
        ("reader",),
    )
    assert await runs.find(app_pool, "no such run") is None
