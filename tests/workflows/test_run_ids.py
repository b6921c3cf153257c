from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError

from tests import diary
from tests.workflows.conftest import Runs
from writ.effects import Outcome


async def start(runs: Runs, id: str, tool: str, input: Any, **more: Any) -> WorkflowHandle[Any, Outcome]:
    given = diary.invocation(runs.app.release, tool, input, **more)
    return await runs.client.start_workflow(
        f"diary.{tool}", given, id=id, task_queue=runs.task_queue, result_type=Outcome
    )


async def refused_id(handle: WorkflowHandle[Any, Any]) -> None:
    with pytest.raises(WorkflowFailureError) as raised:
        await handle.result()
    assert isinstance(raised.value.cause, ApplicationError)
    assert (raised.value.cause.type, raised.value.cause.details) == ("Failure", ("permanent",))
    assert raised.value.cause.message.startswith("run_id_reused")
    found = {pair.key.name: pair.value for pair in (await handle.describe()).typed_search_attributes}
    assert found["WritOutcome"] == "failed"


async def test_a_run_id_that_was_used_does_nothing_more(runs: Runs) -> None:
    id = f"run-{uuid4()}"
    first = await (await start(runs, id, "book", {"slot": await runs.app.slot()})).result()
    row = await runs.audit(id)
    other = await runs.app.slot("2099-01-02T09:00:00Z")
    await refused_id(await start(runs, id, "overbook", {"slot": other}, subject="mallory"))
    await refused_id(await start(runs, id, "book", {"slot": other}))
    await refused_id(await start(runs, id, "book", {"slot": "not one"}))
    assert first.outcome == "answered"
    assert await runs.audit(id) == row
    assert len(await runs.app.appointments()) == 1
    assert await runs.app.state(other) == "free"


@pytest.mark.parametrize("input", [{"slot": "not one"}, {}], ids=["the same", "another"])
async def test_a_refused_run_id_does_nothing_more(runs: Runs, input: object) -> None:
    id = f"run-{uuid4()}"
    assert (await (await start(runs, id, "book", {"slot": "not one"})).result()).outcome == "refused"
    row = await runs.audit(id)
    await refused_id(await start(runs, id, "book", input))
    await refused_id(await start(runs, id, "book", {"slot": await runs.app.slot()}))
    assert await runs.audit(id) == row
    assert await runs.app.appointments() == []


async def test_what_is_no_invocation_under_a_used_id_leaves_the_row_alone(runs: Runs) -> None:
    id = f"run-{uuid4()}"
    await (await start(runs, id, "mine", {})).result()
    row = await runs.audit(id)
    await refused_id(await runs.client.start_workflow("diary.mine", "rubbish", id=id, task_queue=runs.task_queue))
    assert await runs.audit(id) == row


async def test_a_run_that_is_reset_is_the_same_run(runs: Runs) -> None:
    handle = await runs.start("book", {"slot": await runs.app.slot()})
    first = await handle.result()
    row = await runs.audit(handle.id)
    history = await handle.fetch_history()
    [task, *_] = [it.event_id for it in history.events if it.HasField("workflow_task_completed_event_attributes")]
    reset = await runs.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=runs.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=handle.id, run_id=handle.result_run_id or ""),
            reason="to see what happens",
            workflow_task_finish_event_id=task,
            request_id=str(uuid4()),
        )
    )
    again = runs.client.get_workflow_handle(handle.id, run_id=reset.run_id, result_type=Outcome)
    assert await again.result() == first
    assert await runs.audit(handle.id) == row
    assert len(await runs.app.appointments()) == 1


async def test_a_run_with_thousands_of_unknown_fields_is_refused_and_audited(runs: Runs) -> None:
    handle = await runs.start("book", {f"k{number}": 1 for number in range(12_000)})
    outcome = await handle.result()
    assert outcome.refusal is not None
    assert outcome.refusal.code == "invalid_input"
    assert len(outcome.model_dump_json()) < 10_000
    assert (await runs.audit(handle.id))["input"] == '"***"'


async def test_claims_that_cannot_be_represented_are_refused_and_audited(runs: Runs) -> None:
    given = diary.invocation(runs.app.release, "book", {"slot": await runs.app.slot()})
    who = given.principal.model_copy(update={"claims": {"account": 12345678901234567890}})
    handle = await runs.begin(given.model_copy(update={"principal": who}))
    outcome = await handle.result()
    assert outcome.refusal is not None
    assert outcome.refusal.code == "invalid_principal"
    assert "12345678901234567890" not in str(await runs.audit(handle.id))
