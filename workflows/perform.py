"""The workflow's `perform`: effects as local activities, failures as they were, cancellation between effects only."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError
from temporalio.workflow import LocalActivityConfig

from workflows.activity_options import audit_options, transaction_options
from writ.effects import Answer, Audited, Failure, RecordAudit, RunTransaction, TransactionAnswer
from writ.program import LoadedRelease

_A = TypeVar("_A", TransactionAnswer, Audited)


class ActivityBroke(Exception):
    """A bug in an activity, as the run sees it."""


class Performer:
    """Performs the effects of one run."""

    def __init__(self, release: LoadedRelease) -> None:
        self._release = release
        self._cancelled = False

    async def perform(self, effect: RunTransaction | RecordAudit) -> Answer:
        """Do what the interpreter asks; Failure when the world broke, CancelledError before a transaction not begun."""
        if isinstance(effect, RecordAudit):
            return await self._local("audit", effect, Audited, audit_options(effect.record.outcome))
        if self._cancelled:
            raise asyncio.CancelledError
        plan = self._release.tools[effect.tool].transactions[effect.node]
        return await self._local("transaction", effect, TransactionAnswer, transaction_options(plan))

    async def _local(self, name: str, effect: Any, result: type[_A], options: LocalActivityConfig) -> _A:
        handle = workflow.start_local_activity(name, effect, result_type=result, **options)
        try:
            answer: _A = await self._to_its_end(handle)
            return answer
        except ActivityError as error:
            raise _as_it_was(error) from error

    async def _to_its_end(self, handle: workflow.ActivityHandle[Any]) -> Any:
        # A transaction that has begun is waited for, cancelled or not: only then is it known what it did.
        while True:
            try:
                return await asyncio.shield(handle)
            except asyncio.CancelledError:
                if handle.done():
                    raise
                self._cancelled = True


def _as_it_was(error: ActivityError) -> BaseException:
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type == Failure.__name__:
        return Failure("permanent" if cause.non_retryable else "retryable", cause.message)
    if isinstance(cause, CancelledError):
        return asyncio.CancelledError()
    if isinstance(cause, ApplicationError):
        return ActivityBroke(cause.message)
    return Failure("unknown", "the activity did not end in time")
