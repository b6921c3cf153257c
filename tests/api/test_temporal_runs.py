"""What a run that failed in Temporal is to its caller, whatever the failure says of itself."""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from tests.api.conftest import Stage


@workflow.defn(name="diary.book")
class Failing:
    """Fails as the input says: by `reason`, the kind of the failure, or without any."""

    @workflow.run
    async def run(self, invocation: dict[str, Any]) -> None:
        reason = invocation["input"].get("reason")
        given = {"number": 7, "list": ["permanent"]}.get(reason, reason)
        details = () if given is None else (given,)
        raise ApplicationError("host db-1 is away", *details, non_retryable=True)


ANSWERS = {
    "retryable": (503, "failed_retryable"),
    "permanent": (502, "failed_permanent"),
    "unknown": (504, "failed_unknown"),
    "bug": (500, "bug"),
    "something else": (504, "failed_unknown"),
    "number": (504, "failed_unknown"),
    "list": (504, "failed_unknown"),
    None: (504, "failed_unknown"),
}


async def test_a_failed_run_is_answered_by_the_kind_it_names(stage: Stage) -> None:
    worker = Worker(
        stage.temporal,
        task_queue=stage.task_queue,
        workflows=[Failing],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with stage.api(worker=False) as api, worker:
        slot = await api.app.slot()
        for said, expected in ANSWERS.items():
            answer = await api.book(slot, input={} if said is None else {"reason": said})
            assert (answer.status_code, answer.json()["code"]) == expected, said
            assert answer.json()["run"] == answer.headers["writ-run"]
            assert ("retry-after" in answer.headers) == (said != "bug")
            assert "db-1" not in answer.text
