"""Whole runs over histories that are encrypted, on the real server; what stands there is read without the keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from uuid import uuid4

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle, WorkflowHistory
from temporalio.exceptions import ApplicationError
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from activities.postgres import Pool
from activities.reconcile import reconcile
from api.temporal_runs import TemporalRuns
from embedded.engines import Engines
from tests import diary
from tests.clinic import clinic, invocation, publish_clinic, slots
from tests.conftest import Diary, until
from tests.history_keys import KEYS, OTHER_KEYS
from tests.workflows.conftest import Runs
from worker import make_worker
from workflows.converter import data_converter_with
from workflows.history_codec import HistoryCodec
from workflows.recorded import in_clear, recorded
from workflows.tool_run import tool_run
from writ.effects import Failure, Invocation, Outcome
from writ.engine.replay import replay
from writ.plan.release import release_digest
from writ.program import load
from writ.registry import Registry

DESK = ("front-desk", "reception")
ANN = {"name": "Ann Rosalind Field", "email": "rosalind@example.org", "born": "1990-04-01", "phone": "0123-987654"}
REASON = "a persistent cough"
PERSONAL = (*ANN.values(), "Rosalind", REASON, "a Sunday in June", "Dr Moreau")


@pytest.fixture
async def connect(engines: Engines) -> AsyncIterator[Connect]:
    yield Connect(engines)


class Connect:
    """Clients with other keys than those of most tests: none."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def __call__(self, keys: Mapping[str, bytes]) -> Client:
        return await Client.connect(self._engines.temporal_address, data_converter=data_converter_with(keys))


@pytest.fixture
async def encrypted(queue: Runs, connect: Connect) -> Runs:
    """The task queue of this test, its client with a key; no worker yet."""
    return replace(queue, client=await connect(KEYS))


def with_release(app: Diary) -> Registry:
    registry = Registry()
    registry.add(app.release.digest, app.release)
    return registry


async def raw(connect: Connect, run: str) -> WorkflowHistory:
    """The history as Temporal keeps it."""
    return await (await connect({})).get_workflow_handle(run).fetch_history()


def found_in(history: WorkflowHistory, *texts: str) -> set[str]:
    stored = b"".join(event.SerializeToString() for event in history.events)
    return {text for text in texts if text.encode() in stored}


async def visit_clinic(client: Client, engines: Engines, pool: Pool, task_queue: str) -> list[str]:
    """Runs of the clinic, answered, refused and not valid, that are given personal values; their ids."""
    registry, found = Registry(), clinic()
    registry.add(found.digest, load(found.release, found.digest))
    runs, ids = TemporalRuns(client, task_queue), list[str]()

    async def run(tool: str, given: object, *caller: str) -> Outcome:
        ids.append(f"{tool}-{uuid4()}")
        wanted: Invocation = invocation(tool, given, *caller)
        await runs.start(ids[-1], wanted, found.release.tools[tool].description)
        outcome = await runs.outcome(ids[-1])
        assert outcome is not None
        return outcome

    async with make_worker(client, task_queue, pool, registry):
        moreau = await run("add_practitioner", {"name": "Dr Moreau", "speciality": "general"}, *DESK)
        given = {"practitioner": moreau.response["practitioner"], "slots": slots(0, 1)}
        opened = await run("open_slots", given, *DESK)
        assert (await run("register_patient", ANN, "ann", "patient")).outcome == "answered"
        assert (await run("register_patient", ANN, "ann", "patient")).outcome == "refused"
        undated = {**ANN, "born": "a Sunday in June"}
        assert (await run("register_patient", undated, "bob", "patient")).outcome == "refused"
        booking = {"slot": opened.response["slots"][0], "reason": REASON}
        assert (await run("book_appointment", booking, "ann", "patient")).outcome == "answered"
    return ids


@pytest.fixture
async def open_clinic(engines: Engines, owner_pool: Pool) -> AsyncIterator[None]:
    await publish_clinic(engines.publish_database_url)
    yield
    await owner_pool.execute("DELETE FROM writ.active_release WHERE app = 'clinic'")
    await owner_pool.execute("DROP SCHEMA clinic CASCADE")


@pytest.mark.usefixtures("open_clinic")
@pytest.mark.parametrize(("keys", "legible"), [(KEYS, False), ({}, True)])
async def test_a_run_of_the_clinic_leaves_nothing_personal_in_its_history(
    keys: dict[str, bytes], legible: bool, connect: Connect, engines: Engines, app_pool: Pool, task_queue: str
) -> None:
    ids = await visit_clinic(await connect(keys), engines, app_pool, task_queue)
    found = set[str]()
    for run in ids:
        found |= found_in(await raw(connect, run), *PERSONAL)
    # Without keys all of it is there: the search is one that finds.
    assert found == (set(PERSONAL) if legible else set())


@pytest.mark.usefixtures("open_clinic")
async def test_what_can_be_searched_and_seen_of_a_run_holds_nothing_personal(
    connect: Connect, engines: Engines, app_pool: Pool, task_queue: str
) -> None:
    ids = await visit_clinic(await connect(KEYS), engines, app_pool, task_queue)
    plain = await connect({})
    for run in ids:
        described = await plain.get_workflow_handle(run).describe()
        told = described.raw_description.SerializeToString()
        assert not [text for text in PERSONAL if text.encode() in told]
        [tool] = described.search_attributes["WritTool"]
        assert described.workflow_type == f"clinic.{tool}"


async def test_what_an_operator_needs_stays_readable(encrypted: Runs, connect: Connect) -> None:
    async with encrypted.worker(with_release(encrypted.app)):
        runs = TemporalRuns(encrypted.client, encrypted.task_queue)
        given = diary.invocation(encrypted.app.release, "book", {"slot": await encrypted.app.slot()})
        run = f"run-{uuid4()}"
        await runs.start(run, given, "Book a free slot.")
        assert await runs.outcome(run) is not None
    history = await raw(connect, run)
    summaries = [event.user_metadata.summary.data.decode() for event in history.events]
    assert "Book a free slot." in summaries[0]
    assert "audit: answered" in "".join(summaries)
    marks = [event.user_metadata.summary.metadata for event in history.events if event.HasField("user_metadata")]
    assert all(dict(each) == {"encoding": b"json/plain"} for each in marks)


async def test_the_steps_of_a_run_stay_readable_without_the_message_of_a_failure(
    encrypted: Runs, connect: Connect
) -> None:
    async with encrypted.worker(with_release(encrypted.app)):
        answered = await encrypted.start("book", {"slot": await encrypted.app.slot()})
        await answered.result()
        await encrypted.app.owner.execute(f"ALTER TABLE {encrypted.app.schema}.slot RENAME COLUMN places TO seats")
        failing = await encrypted.start("book", {"slot": "00000000-0000-0000-0000-000000000000"})
        with pytest.raises(WorkflowFailureError):
            await failing.result()
        plain = await connect({})
        well, ill = [await details_of(plain, handle.id) for handle in (answered, failing)]
    assert "| 7. commit | ✓ | booking |" in well
    assert "✗ failed" in ill
    assert "SQLSTATE" not in ill


async def details_of(client: Client, run: str) -> str:
    """What the Temporal UI shows of a run as its details."""
    told = await client.get_workflow_handle(run).query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return str(told.current_details)


async def test_a_failure_keeps_its_message_and_its_stack_trace_to_itself(encrypted: Runs, connect: Connect) -> None:
    await encrypted.app.owner.execute(f"ALTER TABLE {encrypted.app.schema}.slot RENAME COLUMN places TO seats")
    async with encrypted.worker(with_release(encrypted.app)):
        handle = await encrypted.start("book", {"slot": "00000000-0000-0000-0000-000000000000"})
        with pytest.raises(WorkflowFailureError) as raised:
            await handle.result()
    cause = raised.value.cause
    assert isinstance(cause, ApplicationError)
    assert ("SQLSTATE 42703" in cause.message, cause.details) == (True, ("permanent",))
    history = await raw(connect, handle.id)
    assert found_in(history, "SQLSTATE", ".py", "Encoded failure") == {"Encoded failure"}
    again = recorded(await in_clear(history, HistoryCodec(KEYS)))
    assert again.invocation.tool == "book"


async def test_an_encrypted_history_replays(encrypted: Runs, connect: Connect) -> None:
    registry = with_release(encrypted.app)
    async with encrypted.worker(registry):
        handle = await encrypted.start("book", {"slot": await encrypted.app.slot()})
        outcome = await handle.result()
    history = await raw(connect, handle.id)
    await replayer(KEYS, registry).replay_workflow(history)
    again = recorded(await in_clear(history, HistoryCodec(KEYS)))
    assert await replay(encrypted.app.release, again.invocation, again.facts, again.answers) == outcome


def replayer(keys: Mapping[str, bytes], registry: Registry) -> Replayer:
    return Replayer(
        workflows=[tool_run(registry)],
        data_converter=data_converter_with(keys),
        workflow_runner=UnsandboxedWorkflowRunner(),
    )


async def test_a_history_from_before_there_were_keys_is_read_with_them(queue: Runs, connect: Connect) -> None:
    registry = with_release(queue.app)
    handle = await queue.start("book", {"slot": await queue.app.slot()})
    with_key = await connect(KEYS)
    async with replace(queue, client=with_key).worker(registry):
        outcome = await with_key.get_workflow_handle(handle.id, result_type=Outcome).result()
    assert outcome.outcome == "answered"
    await replayer(KEYS, registry).replay_workflow(await raw(connect, handle.id))


async def test_keys_are_rotated_while_runs_go_on(encrypted: Runs, connect: Connect) -> None:
    begun = await encrypted.start("book", {"slot": await encrypted.app.slot()})
    rotated = await connect(OTHER_KEYS | KEYS)
    async with replace(encrypted, client=rotated).worker(with_release(encrypted.app)):
        outcome = await rotated.get_workflow_handle(begun.id, result_type=Outcome).result()
    assert outcome.outcome == "answered"
    history = await raw(connect, begun.id)
    assert history.events[0].workflow_execution_started_event_attributes.input.payloads[0].metadata[
        "encryption-key-id"
    ] == (b"test")
    result = history.events[-1].workflow_execution_completed_event_attributes.result.payloads[0]
    assert result.metadata["encryption-key-id"] == b"other"


@pytest.mark.parametrize("keys", [OTHER_KEYS, {}])
async def test_a_worker_without_the_key_leaves_the_run_to_one_that_has_it(
    keys: dict[str, bytes], encrypted: Runs, connect: Connect
) -> None:
    handle = await encrypted.start("book", {"slot": await encrypted.app.slot()})
    registry = with_release(encrypted.app)
    stranger = await connect(keys)
    async with replace(encrypted, client=stranger).worker(registry):

        async def gave_up() -> bool:
            history = await raw(connect, handle.id)
            return bool(found_in(history, "with the history key `test`, which is not known here"))

        await until(gave_up)
    async with encrypted.worker(registry):
        outcome: Outcome = await handle.result()
    assert outcome.outcome == "answered"


async def test_the_api_says_that_it_cannot_read_a_run_and_does_not_invent_its_end(
    encrypted: Runs, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    async with encrypted.worker(with_release(encrypted.app)):
        handle = await encrypted.start("book", {"slot": await encrypted.app.slot()})
        await handle.result()
    for keys in (OTHER_KEYS, {}):
        runs = TemporalRuns(await connect(keys), encrypted.task_queue)
        for ask in (runs.outcome, runs.find):
            with pytest.raises(Failure, match="history key `test`") as raised:
                await ask(handle.id)
            assert raised.value.kind == "permanent"
    assert "WRIT_HISTORY_KEYS" in caplog.text


async def test_a_run_that_cannot_be_read_is_audited_by_who_can(encrypted: Runs, connect: Connect) -> None:
    handle: WorkflowHandle[object, Outcome] = await encrypted.start("book", {"slot": await encrypted.app.slot()})
    await handle.terminate("enough")
    registry, queue = with_release(encrypted.app), encrypted.task_queue

    async def written(client: Client) -> int:
        return await reconcile(client, encrypted.pool, registry, queue)

    await until(lambda: listed(encrypted.client, queue))
    for stranger in (OTHER_KEYS, {}):
        assert await written(await connect(stranger)) == 0
    assert await written(encrypted.client) == 1
    assert (await encrypted.audit(handle.id))["tool"] == "book"


async def listed(client: Client, task_queue: str) -> bool:
    query = f"TaskQueue = '{task_queue}' AND ExecutionStatus = 'Terminated'"
    return (await client.count_workflows(query)).count == 1


def test_whether_histories_are_encrypted_is_part_of_the_digest(diary_app: Diary) -> None:
    changed = diary_app.plans.model_copy(update={"encrypted_history": True})
    assert release_digest(changed) != release_digest(diary_app.plans)
