from __future__ import annotations

import json

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError

from tests.workflows.conftest import Runs
from writ.effects import Outcome

NOBODY = "00000000-0000-0000-0000-000000000000"


async def test_a_run_answers_and_is_audited_with_all_nine_steps(runs: Runs) -> None:
    slot = await runs.app.slot()
    handle = await runs.start("book", {"slot": slot, "reason": "a cough"})
    outcome = await handle.result()
    [appointment] = await runs.app.appointments()
    assert outcome == Outcome(
        outcome="answered", response={"appointment": appointment["id"], "starts_at": "2099-01-01T09:00:00Z"}
    )
    row = await runs.audit(handle.id)
    assert [(step["step"], step["outcome"]) for step in json.loads(row["steps"])] == [
        ("validate", "passed"),
        ("authorize", "passed"),
        ("policies", "passed"),
        ("start_transaction", "passed"),
        ("execute", "passed"),
        ("invariants", "passed"),
        ("commit", "passed"),
        ("audit", "passed"),
        ("respond", "passed"),
    ]
    assert json.loads(row["input"]) == {"slot": slot, "reason": "***"}
    assert (row["subject"], row["tool"], row["outcome"]) == ("ann", "book", "answered")


@pytest.mark.parametrize(
    ("tool", "input", "more", "code"),
    [
        ("book", {"slot": 1}, {}, "invalid_input"),
        ("book", {"slot": NOBODY}, {"roles": ("cleaner",)}, "forbidden"),
        ("book", {"slot": NOBODY}, {"subject": "blocked-ann"}, "no_blocked_patients"),
        ("book", {"slot": NOBODY}, {}, "not_found"),
        ("no_such_tool", {}, {}, "not_found"),
    ],
)
async def test_a_refusal_is_an_audited_outcome(
    runs: Runs, tool: str, input: object, more: dict[str, object], code: str
) -> None:
    handle = await runs.start(tool, input, **more)
    outcome = await handle.result()
    assert outcome.outcome == "refused"
    assert outcome.refusal is not None
    assert outcome.refusal.code == code
    row = await runs.audit(handle.id)
    assert (row["outcome"], row["refusal_code"]) == ("refused", code)
    assert len({step["step"] for step in json.loads(row["steps"])}) == 9


async def test_the_history_of_a_run_with_one_transaction_is_short(runs: Runs) -> None:
    handle = await runs.start("book", {"slot": await runs.app.slot()})
    await handle.result()
    history = await handle.fetch_history()
    assert len(history.events) <= 12
    assert sum(event.ByteSize() for event in history.events) <= 8 * 1024


@pytest.mark.parametrize("arguments", [[], ["not an invocation"], [{"tool": "book"}], [{}, {}]])
async def test_a_run_started_with_something_else_fails_with_the_reason(runs: Runs, arguments: list[object]) -> None:
    handle = await runs.client.start_workflow(
        "diary.book", args=arguments, id=f"bad-{runs.task_queue}", task_queue=runs.task_queue
    )
    with pytest.raises(WorkflowFailureError) as raised:
        await handle.result()
    assert isinstance(raised.value.cause, ApplicationError)
    assert "invocation" in str(raised.value.cause)
    assert (await runs.audit(handle.id))["outcome"] == "failed"
