from __future__ import annotations

import pytest
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from tests import diary
from tests.workflows.conftest import Runs
from workflows.converter import data_converter
from workflows.recorded import recorded
from workflows.tool_run import tool_run
from writ.engine.replay import Diverged, replay
from writ.plan.model import PolicyPlan
from writ.registry import Registry
from writ.values import Boolean


async def test_temporal_replays_a_recorded_run(runs: Runs) -> None:
    handle = await runs.start("book", {"slot": await runs.app.slot()})
    await handle.result()
    registry = Registry()
    registry.add(runs.app.release.digest, runs.app.release)
    replayer = Replayer(
        workflows=[tool_run(registry)], data_converter=data_converter, workflow_runner=UnsandboxedWorkflowRunner()
    )
    await replayer.replay_workflow(await handle.fetch_history())


@pytest.mark.parametrize("tool", ["book", "overbook", "mine"])
async def test_a_recorded_run_asks_for_the_same_effects_again(runs: Runs, tool: str) -> None:
    handle = await runs.start(tool, {"slot": await runs.app.slot()})
    outcome = await handle.result()
    again = recorded(await handle.fetch_history())
    assert await replay(runs.app.release, again.invocation, again.facts, again.answers) == outcome


async def test_a_recorded_refusal_is_replayed_too(runs: Runs) -> None:
    handle = await runs.start("book", {"slot": await runs.app.slot(state="taken"), "reason": "again"})
    outcome = await handle.result()
    again = recorded(await handle.fetch_history())
    assert await replay(runs.app.release, again.invocation, again.facts, again.answers) == outcome


async def test_another_input_diverges_at_the_first_effect(runs: Runs) -> None:
    handle = await runs.start("book", {"slot": await runs.app.slot()})
    await handle.result()
    again = recorded(await handle.fetch_history())
    other = again.invocation.model_copy(update={"input": {"slot": "00000000-0000-0000-0000-000000000000"}})
    with pytest.raises(Diverged) as raised:
        await replay(runs.app.release, other, again.facts, again.answers)
    assert raised.value.number == 1


async def test_a_plan_that_decides_otherwise_diverges_where_it_does(runs: Runs) -> None:
    handle = await runs.start("book", {"slot": await runs.app.slot()})
    await handle.result()
    again = recorded(await handle.fetch_history())
    denial = PolicyPlan(name="never", deny_when=diary.expression("true", Boolean()), message="Never.")
    changed = runs.app.with_tools(diary.book(runs.app.schema, policies=(denial,)))
    with pytest.raises(Diverged, match="another kind of effect"):
        await replay(changed.release, again.invocation, again.facts, again.answers)


async def test_a_record_that_ends_too_early_diverges(runs: Runs) -> None:
    handle = await runs.start("book", {"slot": await runs.app.slot()})
    await handle.result()
    again = recorded(await handle.fetch_history())
    with pytest.raises(Diverged, match="was not asked for"):
        await replay(runs.app.release, again.invocation, again.facts, again.answers[:1])
