"""Timeouts and retries of every effect: the one place to change a default."""

from __future__ import annotations

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityCancellationType, LocalActivityConfig

from workflows.converter import ShownText
from writ.plan.model import TransactionPlan

LONGEST_SUMMARY = 200
"""Bytes of a summary in the Temporal UI."""

TASK_TIMEOUT = timedelta(seconds=5)
"""For every run: how long after its worker died another one takes it up.

Temporal's 10 s would be as long as the API waits for a run, so each call met by a crash would go without its answer.
A transaction of more than 4 s makes the run report that it is alive, at three events each time: that is rare enough.
"""

_MARGIN_MS = 3_000
_AUDIT_SECONDS = 10

# Unlimited: while PostgreSQL is away a run waits. What cannot succeed says so itself and is not retried. Each retry
# after the first second costs the run six events: half a minute apart, its history bears three days of waiting.
_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=100),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=30),
    maximum_attempts=0,
)

# A longer wait is a timer of the run and not of the worker, which can then be ended and keeps no task open.
_LOCAL_RETRY_THRESHOLD = timedelta(seconds=1)


def transaction_options(plan: TransactionPlan) -> LocalActivityConfig:
    """One execution may take twice the block's time: retries begin within it, the last of them may use all of it."""
    return LocalActivityConfig(
        start_to_close_timeout=timedelta(milliseconds=2 * plan.timeout_ms + _MARGIN_MS),
        retry_policy=_RETRY,
        local_retry_threshold=_LOCAL_RETRY_THRESHOLD,
        cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        summary=ShownText(shortened(plan.summary)),
    )


def audit_options(outcome: str) -> LocalActivityConfig:
    """The audit row is written for as long as it takes."""
    return LocalActivityConfig(
        start_to_close_timeout=timedelta(seconds=_AUDIT_SECONDS),
        retry_policy=_RETRY,
        local_retry_threshold=_LOCAL_RETRY_THRESHOLD,
        cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        summary=ShownText(f"audit: {outcome}"),
    )


def shortened(text: str) -> str:
    """At most 200 bytes of a summary, cut between characters."""
    if len(text.encode()) <= LONGEST_SUMMARY:
        return text
    return text.encode()[: LONGEST_SUMMARY - 3].decode(errors="ignore") + "…"
