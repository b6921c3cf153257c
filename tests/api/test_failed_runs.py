"""Runs that fail: what their callers read, from the failure in the activity to the HTTP answer."""

from __future__ import annotations

import asyncio

from activities import idempotency
from activities.audit import record_audit
from tests import diary
from tests.api.conftest import Api, Stage
from tests.conftest import until
from writ.digest import digest
from writ.effects import AuditRecord, Refusal


async def running(api: Api) -> str:
    """The id of the only run on the task queue of this API, once it runs."""
    found: list[str] = []

    async def seen() -> bool:
        query = f"TaskQueue = '{api.settings.task_queue}' AND ExecutionStatus = 'Running'"
        found[:] = [run.id async for run in api.temporal.list_workflows(query)]
        return bool(found)

    await until(seen)
    return found[0]


async def test_a_statement_the_role_has_no_right_to_is_a_permanent_failure(stage: Stage) -> None:
    await stage.app.owner.execute(f"REVOKE SELECT ON {stage.app.schema}.slot FROM writ_app")
    async with stage.api() as api:
        answer = await api.book(await api.app.slot())
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (502, "failed_permanent")
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["run"] == answer.headers["writ-run"]
        assert "slot" not in problem["detail"] and "42501" not in answer.text
        [row] = await api.rows(problem["run"])
        assert (row["outcome"], row["refusal_code"]) == ("failed", None)
        assert "42501" in row["failure"]


async def test_a_statement_that_always_takes_too_long_is_a_permanent_failure(stage: Stage) -> None:
    hasty = diary.book(stage.app.schema, transaction={"statement_timeout_ms": 20})
    stage.app = stage.app.with_tools(hasty)
    async with stage.api() as api:
        slot = await api.app.slot()
        async with api.app.owner.acquire() as holding, holding.transaction():
            await holding.execute(f"SELECT 1 FROM {api.app.schema}.slot FOR UPDATE")
            answer = await api.book(slot)
        assert (answer.status_code, answer.json()["code"]) == (502, "failed_permanent")
        assert await api.app.appointments() == []


async def test_a_failure_is_told_again_for_its_key(stage: Stage) -> None:
    await stage.app.owner.execute(f"REVOKE SELECT ON {stage.app.schema}.slot FROM writ_app")
    async with stage.api() as api:
        slot = await api.app.slot()
        first, second = await api.book(slot, key=slot), await api.book(slot, key=slot)
        assert first.status_code == 502
        assert (second.status_code, second.json()) == (502, first.json())
        assert second.headers["idempotent-replayed"] == "true"


async def test_a_run_that_is_ended_from_outside_while_its_caller_waits_has_an_unknown_effect(stage: Stage) -> None:
    async with stage.api(worker=False) as api:
        calling = asyncio.create_task(api.book(await api.app.slot()))
        run = await running(api)
        await api.temporal.get_workflow_handle(run).terminate()
        answer = await calling
        assert (answer.status_code, answer.json()["code"]) == (504, "failed_unknown")
        assert answer.json()["run"] == run


async def forgotten(api: Api, slot: str, **ended: object) -> str:
    """A run that ended so long ago that Temporal has forgotten it: its key and its audit row are still there."""
    run, release = f"forgotten-{slot}", api.app.release.digest
    use = idempotency.KeyUse("ann", "diary", "book", slot, digest({"slot": slot}))
    await idempotency.claim(api.pool, use, run=run, release=release)
    row = {"run_id": run, "app": "diary", "tool": "book", "release": release, "trigger": "http", "subject": "ann"}
    more = {"roles": ["patient"], "started_at": "2020-01-01T00:00:00Z", "steps": [], "trace": [], "input": None}
    await record_audit(api.pool, AuditRecord.model_validate({**row, **more, "input_digest": "sha256:x", **ended}))
    return run


async def test_an_answer_that_temporal_has_forgotten_has_expired(api: Api) -> None:
    slot = await api.app.slot()
    run = await forgotten(api, slot, outcome="answered")
    answer = await api.book(slot, key=slot)
    assert (answer.status_code, answer.json()["code"], answer.json()["run"]) == (410, "answer_expired", run)
    assert answer.headers["idempotent-replayed"] == "true"
    assert await api.app.appointments() == []
    shown = await api.send("GET", f"/v1/runs/{run}")
    assert (shown.json()["status"], "response" in shown.json()) == ("answered", False)


async def test_a_refusal_does_not_expire(api: Api) -> None:
    slot = await api.app.slot()
    refusal = Refusal(code="slot_not_free", status=409, message="The slot is not free.", source="slot_is_free")
    run = await forgotten(api, slot, outcome="refused", refusal=refusal)
    answer = await api.book(slot, key=slot)
    assert (answer.status_code, answer.json()["code"], answer.json()["run"]) == (409, "slot_not_free", run)


async def test_a_failure_does_not_expire(api: Api) -> None:
    slot = await api.app.slot()
    run = await forgotten(api, slot, outcome="failed", failure="what broke")
    answer = await api.book(slot, key=slot)
    assert (answer.status_code, answer.json()["code"], answer.json()["run"]) == (502, "failed_permanent", run)
    assert "what broke" not in answer.text
