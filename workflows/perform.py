"""The workflow's `perform`: effects as local activities, failures as they were, cancellation between effects only.

A local activity is durable only with the workflow task it runs in: after a crash or a late event all of them run again.
That is why even a cancellation is decided in PostgreSQL, where a second look finds the same answer as the first.
"""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError
from temporalio.workflow import LocalActivityConfig

from workflows.activity_options import audit_options, transaction_options
from writ.effects import Answer, Audited, Bug, Failure, RecordAudit, RunTransaction, TransactionAnswer
from writ.program import LoadedRelease

_A = TypeVar("_A", TransactionAnswer, Audited)


class ActivityBroke(Bug):
    """A bug in an activity, as the run sees it."""


class Performer:
    """Performs the effects of one run."""

    def __init__(self, release: LoadedRelease) -> None:
        self._release = release

    async def perform(self, effect: RunTransaction | RecordAudit) -> Answer:
        """Do what the interpreter asks; Failure when the world broke."""
        if isinstance(effect, RecordAudit):
            return await write_audit(effect)
        plan = self._release.tools[effect.tool].transactions[effect.node]
        name = "transaction" if workflow.cancellation_reason() is None else "cancel_transaction"
        return await _local(name, effect, TransactionAnswer, transaction_options(plan))


async def write_audit(effect: RecordAudit) -> Audited:
    """Have the audit row written, for as long as it takes and whether the run is cancelled or not."""
    return await _local("audit", effect, Audited, audit_options(effect.record.outcome))


async def _local(name: str, effect: RunTransaction | RecordAudit, result: type[_A], options: LocalActivityConfig) -> _A:
    handle = workflow.start_local_activity(name, effect, result_type=result, **options)
    try:
        answer: _A = await _to_its_end(handle)
        return answer
    except FailureError as error:
        raise _as_it_was(error) from error


async def _to_its_end(handle: workflow.ActivityHandle[Any]) -> Any:
    # What has begun is waited for, cancelled or not: only then is it known what it did.
    while True:
        try:
            return await asyncio.shield(handle)
        except asyncio.CancelledError:
            if not handle.done():
                continue
            if handle.cancelled():
                raise
            # It ended in the very moment of the cancellation: what it did counts.
            return handle.result()


def _as_it_was(error: FailureError) -> Exception:
    cause = error.cause if isinstance(error, ActivityError) else error
    if isinstance(cause, ApplicationError) and cause.type == Failure.__name__:
        return Failure("permanent" if cause.non_retryable else "retryable", cause.message)
    return ActivityBroke(cause.message if isinstance(cause, ApplicationError) else str(cause))
