"""Reconciling: a run that an operator terminates or that times out never runs our code again, and is to have its row.

What such a run had done by then stands in `writ.step`, so the row tells of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus, WorkflowHistoryEventFilterType
from temporalio.service import RPCError, RPCStatusCode

from activities.audit import record_audit
from activities.named_sql import statements
from activities.postgres import Pool
from activities.postgres_errors import Contention, translated
from activities.run_id import RunIdReused
from writ.effects import AuditRecord, Failure, Invocation, Principal, RunFacts, Step, TransactionAnswer
from writ.engine.record import Journal, audit_record, broken
from writ.plan.model import ToolPlan
from writ.refusals import Refused
from writ.registry import Registry
from writ.values import timestamp

_LOG = logging.getLogger(__name__)
_SQL = statements("reconcile")

_WHY = {
    WorkflowExecutionStatus.TERMINATED: "terminated",
    WorkflowExecutionStatus.TIMED_OUT: "timed_out",
    WorkflowExecutionStatus.CANCELED: "cancelled",
    WorkflowExecutionStatus.FAILED: "failed",
}
_STATUSES = "'Terminated', 'TimedOut', 'Canceled', 'Failed'"
_UNKNOWN = "unknown"
_PAGE = 500
# What can be searched for lags behind what happened.
_OVERLAP = timedelta(minutes=5)


@asynccontextmanager
async def reconciling(
    client: Client, pool: Pool, registry: Registry, task_queue: str, every: float
) -> AsyncIterator[None]:
    """Reconcile every so many seconds, each time the runs that have been closed for as long at least.

    The first time all that Temporal still knows of. What cannot be done is logged and tried again.
    """
    task = asyncio.create_task(_now_and_then(client, pool, registry, task_queue, every), name="reconcile")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _now_and_then(client: Client, pool: Pool, registry: Registry, task_queue: str, every: float) -> None:
    since: datetime | None = None
    while True:
        # A transaction that was under way when its run was closed may yet commit, and the row is to tell of it.
        until = datetime.now(UTC) - timedelta(seconds=every)
        try:
            written = await reconcile(client, pool, registry, task_queue, since=since, until=until)
            since = until - _OVERLAP
            if written:
                _LOG.warning("audited %d runs that had been ended from outside", written)
        except Failure as failure:
            _LOG.warning("runs ended from outside are not audited yet: %s", failure.message)
        except Exception:
            # A bug here must not be the end of reconciling, nor of the worker.
            _LOG.exception("runs ended from outside are not audited yet")
        await asyncio.sleep(every)


async def reconcile(
    client: Client,
    pool: Pool,
    registry: Registry,
    task_queue: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Write the audit row of each run on `task_queue` that was closed without one; how many those were.

    Looks at runs closed from `since` on and before `until`; by default all that Temporal knows. Doing it again, or in
    several places at once, changes nothing. Failure when Temporal or PostgreSQL cannot be reached.
    """
    written = 0
    with _translated():
        async for page in _closed(client, task_queue, since, until):
            for run in await _without_row(pool, page):
                written += await _reconcile(client, pool, registry, run)
    return written


async def _closed(
    client: Client, task_queue: str, since: datetime | None, until: datetime | None
) -> AsyncIterator[list[WorkflowExecution]]:
    found = client.list_workflows(_query(task_queue, since, until), page_size=_PAGE)
    await found.fetch_next_page()
    while found.current_page:
        yield list(found.current_page)
        if found.next_page_token is None:
            return
        await found.fetch_next_page()


def _query(task_queue: str, since: datetime | None, until: datetime | None) -> str:
    # Not by our search attributes: a run that was started with other tools than ours has none before it ends.
    conditions = [f"TaskQueue = '{_quoted(task_queue)}'", f"ExecutionStatus IN ({_STATUSES})"]
    conditions += [f"CloseTime >= '{timestamp(since)}'"] if since else []
    conditions += [f"CloseTime < '{timestamp(until)}'"] if until else []
    return " AND ".join(conditions)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


async def _without_row(pool: Pool, page: list[WorkflowExecution]) -> list[WorkflowExecution]:
    rows = await pool.fetch(_SQL["without_row"], [run.id for run in page])
    missing = {row["run_id"] for row in rows}
    return [run for run in page if run.id in missing]


async def _reconcile(client: Client, pool: Pool, registry: Registry, run: WorkflowExecution) -> bool:
    try:
        if not await _is_latest(client, run):
            return False
        invocation, why = await _invocation(client, run), await _why(client, run)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:  # forgotten since it was listed
            return False
        raise
    except Failure as unreadable:  # by a codec without its key; a row that tells nothing must not stand in its place
        _LOG.error("`%s` is not audited: %s", run.id, unreadable.message)
        return False
    plan = _plan(registry, invocation)
    answers = await _answers(pool, run.id)
    try:
        await record_audit(pool, _record(run, plan, invocation, answers, why))
    except RunIdReused:
        # The worker that had the run was quicker by a moment: its row stands.
        return False
    return True


async def _is_latest(client: Client, run: WorkflowExecution) -> bool:
    """A run that was reset goes on under its id, and its row is the one that its end will write."""
    latest = await client.get_workflow_handle(run.id).describe()
    return latest.run_id == run.run_id


async def _invocation(client: Client, run: WorkflowExecution) -> Invocation:
    app, _, tool = run.workflow_type.partition(".")
    nobody = Invocation(release=_UNKNOWN, app=app, tool=tool, input=None, principal=Principal(subject=_UNKNOWN))
    event = await _event(client, run, WorkflowHistoryEventFilterType.ALL_EVENT)
    payloads = event.workflow_execution_started_event_attributes.input.payloads
    if event.event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED or len(payloads) != 1:
        return nobody
    try:
        [found] = await client.data_converter.decode(payloads, [Invocation])
    except (ValueError, RuntimeError):
        return nobody
    return found if (found.app, found.tool) == (app, tool) else nobody


async def _why(client: Client, run: WorkflowExecution) -> str:
    status = run.status or WorkflowExecutionStatus.FAILED
    event = await _event(client, run, WorkflowHistoryEventFilterType.CLOSE_EVENT)
    reason = event.workflow_execution_terminated_event_attributes.reason
    return f"{_WHY[status]}: {reason}" if reason else _WHY[status]


async def _event(client: Client, run: WorkflowExecution, which: WorkflowHistoryEventFilterType) -> HistoryEvent:
    handle = client.get_workflow_handle(run.id, run_id=run.run_id)
    async for event in handle.fetch_history_events(page_size=1, event_filter_type=which):
        return event
    raise RuntimeError(f"the history of `{run.id}` is empty")


def _plan(registry: Registry, invocation: Invocation) -> ToolPlan | None:
    if invocation.release not in registry:
        return None
    program = registry.get(invocation.release).tools.get(invocation.tool)
    return program.plan if program else None


async def _answers(pool: Pool, run: str) -> list[TransactionAnswer]:
    rows = await pool.fetch(_SQL["decided"], run)
    return [TransactionAnswer.model_validate_json(row["result"]) for row in rows]


def _record(
    run: WorkflowExecution, plan: ToolPlan | None, invocation: Invocation, answers: list[TransactionAnswer], why: str
) -> AuditRecord:
    journal = Journal(lambda steps: None)
    if answers:
        # Nothing comes to a transaction that was not admitted.
        journal.add(*(Step(step=name, outcome="passed") for name in ("validate", "authorize", "policies")))
    for answer in answers:
        journal.add(*answer.steps)
        journal.trace.extend(answer.trace)
    facts = RunFacts(id=run.id, now=timestamp(run.start_time))
    return audit_record(plan, invocation, facts, journal, broken(why, "permanent"))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        with translated():
            yield
    except RPCError as error:
        raise Failure("retryable", f"Temporal answers {error.status.name}") from error
    except (Refused, Contention) as error:
        raise Failure("retryable", f"a statement on our own tables was not taken: {error}") from error
