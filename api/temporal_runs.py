"""Runs in Temporal as the API needs them: start, wait, look. Only here do Temporal's errors become failures."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from workflows.activity_options import TASK_TIMEOUT
from workflows.converter import ShownText
from workflows.history_codec import Unreadable
from workflows.search_attributes import at_start
from writ.effects import Failure, Invocation, Outcome
from writ.values.wire import timestamp

_LOG = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
"""A caller waits: what takes longer counts as out of reach."""

_RPC_TIMEOUT = timedelta(seconds=PATIENCE_SECONDS)
_LONGEST_SUMMARY_BYTES = 200
_KINDS = ("retryable", "permanent", "unknown", "bug")
_NOT_THERE = (RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT)


@dataclass(frozen=True, slots=True)
class StartedRun:
    """A run that Temporal knows: what it was started with and when (RFC 3339), and whether it goes on."""

    invocation: Invocation
    started_at: str
    running: bool


class TemporalRuns:
    """Runs on one task queue."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue

    async def start(self, run: str, invocation: Invocation, summary: str) -> None:
        """Start a run, unless it was started before; Failure (unknown) where it cannot be told whether it was."""
        try:
            with _translated("unknown"):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._start(run, invocation, summary)
        except WorkflowAlreadyStartedError:
            return

    async def _start(self, run: str, invocation: Invocation, summary: str) -> None:
        await self._client.start_workflow(
            f"{invocation.app}.{invocation.tool}",
            invocation,
            id=run,
            task_queue=self._task_queue,
            result_type=Outcome,
            request_eager_start=True,
            # A key stands for one run for ever, also after that run has ended.
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            search_attributes=at_start(invocation.app, invocation.tool, invocation.release),
            static_summary=ShownText(summary.encode()[:_LONGEST_SUMMARY_BYTES].decode(errors="ignore")),
            task_timeout=TASK_TIMEOUT,
            rpc_timeout=_RPC_TIMEOUT,
        )

    async def outcome(self, run: str) -> Outcome | None:
        """How the run ends, waiting for it; None where Temporal does not know it (any longer). Failure (retryable, or
        permanent where its history cannot be decrypted here).
        """
        try:
            with _translated("retryable"):
                return await self._handle(run).result()
        except WorkflowFailureError as error:
            return _failed(error.cause)
        except LookupError:
            return None

    async def find(self, run: str) -> StartedRun | None:
        """The run with this id; None where Temporal does not know it. Failure as `outcome` raises it."""
        try:
            with _translated("retryable"):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    described = await self._handle(run).describe(rpc_timeout=_RPC_TIMEOUT)
                    invocation = await self._invocation(run)
        except LookupError:
            return None
        started_at, running = timestamp(described.start_time), described.status is WorkflowExecutionStatus.RUNNING
        return None if invocation is None else StartedRun(invocation, started_at, running)

    async def reach(self) -> None:
        """Failure where Temporal does not answer."""
        with _translated("retryable"):
            async with asyncio.timeout(PATIENCE_SECONDS):
                if not await self._client.service_client.check_health(timeout=_RPC_TIMEOUT):
                    raise Failure("retryable", "Temporal says that it is not healthy")

    def _handle(self, run: str) -> WorkflowHandle[object, Outcome]:
        return self._client.get_workflow_handle(run, result_type=Outcome)

    async def _invocation(self, run: str) -> Invocation | None:
        """What the run was really started with: its history cannot be mistaken about that."""
        async for event in self._handle(run).fetch_history_events(page_size=1, rpc_timeout=_RPC_TIMEOUT):
            if event.event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
                break
            payloads = event.workflow_execution_started_event_attributes.input.payloads
            try:
                found: list[Invocation] = await self._client.data_converter.decode(payloads, [Invocation])
            except (ValueError, RuntimeError):
                break
            return found[0] if found else None
        return None


def _failed(cause: BaseException) -> Outcome:
    """Whoever ends a run from outside, by termination or timeout, leaves it unknown what it did."""
    said = cause.details[0] if isinstance(cause, ApplicationError) and cause.details else None
    kind = said if said in _KINDS else "unknown"
    # The message alone, as the audit row has it: the text of such an error begins with its type.
    failure = cause.message if isinstance(cause, ApplicationError) else str(cause)
    return Outcome.model_validate({"outcome": "failed", "failure": failure, "failure_kind": kind})


@contextmanager
def _translated(kind: str) -> Iterator[None]:
    """Raise LookupError where Temporal does not know the run, Failure for whatever else it raises."""
    try:
        yield
    except RPCError as error:
        if error.status in _NOT_THERE:
            raise LookupError(error.message) from error
        raise _failure(kind, f"Temporal answers {error.status.name}") from error
    except Unreadable as error:
        _LOG.error("a run cannot be read, is its key among `WRIT_HISTORY_KEYS`? %s", error)
        raise
    except (TimeoutError, OSError) as error:
        raise _failure(kind, f"Temporal cannot be reached: {type(error).__name__}") from error


def _failure(kind: str, message: str) -> Failure:
    return Failure("unknown" if kind == "unknown" else "retryable", message)
