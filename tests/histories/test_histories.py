"""Recorded runs of every tool, run again: by Temporal's own replay, and strictly, with every effect compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from tests.clinic import TOOLS
from tests.histories.recording import (
    KINDS,
    RELEASES,
    Recording,
    kind_of,
    loaded,
    recordings,
    release_file,
    release_of,
    scrubbed,
    texts,
)
from workflows.converter import data_converter
from workflows.recorded import recorded
from workflows.tool_run import tool_run
from writ.digest import digest_of
from writ.effects import Answer, Audited, TransactionAnswer
from writ.engine.replay import Diverged, replay
from writ.plan.model import Expression, MapTemplate, Release, RespondPlan, ToolPlan, TransactionPlan
from writ.plan.release import canonical
from writ.program import LoadedRelease, load
from writ.registry import Registry

ALL = recordings()
every_run = pytest.mark.parametrize("run", ALL, ids=lambda run: run.name)
every_commit = pytest.mark.parametrize(
    "run", [run for run in ALL if run.name.endswith(".answered")], ids=lambda run: run.name
)


async def again(run: Recording, release: LoadedRelease | None = None, **changes: Any) -> Any:
    """Strict replay of a recorded run, of which something may be changed."""
    given: dict[str, Any] = {"invocation": run.invocation, "facts": run.facts, "recorded": answers(run)}
    return await replay(release or loaded(run.release), **{**given, **changes})


def answers(run: Recording) -> tuple[Answer, ...]:
    return recorded(run.temporal_history).answers


def test_every_tool_is_recorded_with_an_answer() -> None:
    assert {run.invocation.tool for run in ALL if kind_of(run) == "answered"} == set(TOOLS)


def test_every_kind_of_end_is_recorded() -> None:
    assert {kind_of(run) for run in ALL} == set(KINDS)


def test_every_release_is_used_and_is_what_its_digest_says() -> None:
    used = {run.release for run in ALL}
    assert {release_file(digest) for digest in used} == set(RELEASES.glob("*.json"))
    for digest in used:
        assert digest_of(canonical(release_of(digest))) == digest


@every_run
def test_the_file_says_what_its_history_says(run: Recording) -> None:
    known = recorded(run.temporal_history)
    assert (known.invocation, known.facts, known.invocation.release) == (run.invocation, run.facts, run.release)


@every_run
def test_the_file_does_not_say_where_it_was_recorded(run: Recording) -> None:
    assert scrubbed(run.history) == run.history
    for text in texts(run.history):
        assert not re.search(r"\d+@|(?<!\w)/\w+/|site-packages|\.py\b", text)


async def test_temporal_replays_every_run() -> None:
    registry = Registry()
    for digest in {run.release for run in ALL}:
        registry.add(digest, loaded(digest))
    replayer = Replayer(
        workflows=[tool_run(registry)], data_converter=data_converter, workflow_runner=UnsandboxedWorkflowRunner()
    )
    for run in ALL:
        await replayer.replay_workflow(run.temporal_history)


@every_run
async def test_a_run_asks_for_the_same_effects_and_ends_the_same_way(run: Recording) -> None:
    assert await again(run) == run.outcome


@every_run
async def test_another_input_diverges(run: Recording) -> None:
    other = run.invocation.model_copy(update={"input": _with_another_value(run.invocation.input)})
    with pytest.raises(Diverged):
        await again(run, invocation=other)


def _with_another_value(given: dict[str, Any]) -> dict[str, Any]:
    """The input with its last value exchanged for another one of the same type."""
    name, value = list(given.items())[-1]
    if isinstance(value, list):
        return {**given, name: [*value[:-1], _with_another_value(value[-1])]}
    return {**given, name: value + 1 if isinstance(value, int) else value[:-1] + ("1" if value[-1:] != "1" else "2")}


@every_run
async def test_another_caller_diverges(run: Recording) -> None:
    other = run.invocation.principal.model_copy(update={"subject": "eve"})
    with pytest.raises(Diverged):
        await again(run, invocation=run.invocation.model_copy(update={"principal": other}))


@every_run
async def test_another_time_diverges(run: Recording) -> None:
    with pytest.raises(Diverged):
        await again(run, facts=run.facts.model_copy(update={"now": "2026-01-01T00:00:00Z"}))


@every_run
async def test_another_answer_of_the_world_diverges(run: Recording) -> None:
    first, *rest = answers(run)
    for changed in (
        (first.model_copy(update={"effect_digest": "sha256:0"}), *rest),
        tuple(rest),
        (first, *rest, Audited(effect_digest="sha256:0")),
    ):
        with pytest.raises(Diverged):
            await again(run, recorded=changed)


@every_commit
async def test_another_value_from_the_database_diverges_at_the_audit_row(run: Recording) -> None:
    first, *rest = answers(run)
    assert isinstance(first, TransactionAnswer)
    changed = first.model_copy(update={"trace": first.trace[:-1]})
    with pytest.raises(Diverged) as raised:
        await again(run, recorded=(changed, *rest))
    assert raised.value.number == 2


Change = Callable[[ToolPlan], ToolPlan]


def _in_transaction(change: Callable[[TransactionPlan], TransactionPlan]) -> Change:
    def changed(plan: ToolPlan) -> ToolPlan:
        flow = tuple(change(node) if isinstance(node, TransactionPlan) else node for node in plan.flow)
        return plan.model_copy(update={"flow": flow})

    return changed


def _dropped_node(plan: TransactionPlan) -> TransactionPlan:
    return plan.model_copy(update={"nodes": plan.nodes[:-1]})


def _another_parameter(plan: TransactionPlan) -> TransactionPlan:
    """Every expression of the transaction reads something else."""
    return plan.model_copy(update={"nodes": tuple(_reworded(node) for node in plan.nodes)})


def _reworded(value: Any) -> Any:
    if isinstance(value, Expression):
        return value.model_copy(update={"cel": f"({value.cel})"})
    if isinstance(value, tuple):
        return tuple(_reworded(each) for each in value)
    if isinstance(value, BaseModel):
        return value.model_copy(update={name: _reworded(getattr(value, name)) for name in type(value).model_fields})
    return value


def _another_name(plan: TransactionPlan) -> TransactionPlan:
    return plan.model_copy(update={"name": f"{plan.name}_2"})


def _another_order(plan: ToolPlan) -> ToolPlan:
    return plan.model_copy(update={"flow": plan.flow[::-1]})


def _without_transaction(plan: ToolPlan) -> ToolPlan:
    return plan.model_copy(update={"flow": tuple(node for node in plan.flow if not isinstance(node, TransactionPlan))})


def _another_response(plan: ToolPlan) -> ToolPlan:
    flow = tuple(_emptied(node) if isinstance(node, RespondPlan) else node for node in plan.flow)
    return plan.model_copy(update={"flow": flow})


def _emptied(node: RespondPlan) -> RespondPlan:
    return node.model_copy(update={"value": MapTemplate(entries={})})


def _no_longer_allowed(plan: ToolPlan) -> ToolPlan:
    return plan.model_copy(update={"allow": {}})


_SEEN_BY_ITS_DIGEST = [
    _in_transaction(_dropped_node),
    _in_transaction(_another_parameter),
]
_SEEN_BY_WHAT_IT_ASKS = [
    _in_transaction(_another_name),
    _another_order,
    _without_transaction,
    _another_response,
    _no_longer_allowed,
]


def _changed(run: Recording, change: Change) -> Release:
    release = release_of(run.release)
    tool = run.invocation.tool
    return release.model_copy(update={"tools": {tool: change(release.tools[tool])}})


@every_commit
@pytest.mark.parametrize("change", [*_SEEN_BY_ITS_DIGEST, *_SEEN_BY_WHAT_IT_ASKS])
async def test_another_plan_diverges_at_the_first_effect(run: Recording, change: Change) -> None:
    release = _changed(run, change)
    digest = digest_of(canonical(release))
    assert digest != run.release
    with pytest.raises(Diverged) as raised:
        await again(run, load(release, digest))
    assert raised.value.number == 1


@every_commit
@pytest.mark.parametrize("change", _SEEN_BY_WHAT_IT_ASKS)
async def test_another_plan_under_the_same_digest_diverges_too(run: Recording, change: Change) -> None:
    with pytest.raises(Diverged):
        await again(run, load(_changed(run, change), run.release))
