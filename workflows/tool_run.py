"""The one workflow: a run of a tool. Dynamic: Temporal shows it under the tool's name, `clinic.book_appointment`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue, SearchAttributeUpdate
from temporalio.exceptions import ApplicationError

from workflows.perform import ActivityBroke, Performer, write_audit
from workflows.search_attributes import APP, OUTCOME, RELEASE, TOOL
from writ.digest import is_digest
from writ.effects import Failure, Invocation, Outcome, Principal, RecordAudit, RunFacts, Step
from writ.engine.details import details
from writ.engine.record import Journal, audit_record, broken, failed
from writ.engine.run import run
from writ.registry import Registry
from writ.values import timestamp

_UNKNOWN = "unknown"


class _NotAnInvocation(Exception):
    """What the workflow was started with is not an invocation."""


class ToolRun:
    """The run of one tool; `tool_run` makes it a workflow of one worker."""

    registry: ClassVar[Registry]

    @workflow.run
    async def run(self, arguments: Sequence[RawValue]) -> Outcome:
        """Follow the plan of the invocation's release; a failed run raises after its audit row stands."""
        # Not `start_time`: that is the time of the first task, which is another one after a crash.
        facts = RunFacts(id=workflow.info().workflow_id, now=timestamp(workflow.info().workflow_start_time))
        try:
            invocation = _invocation(arguments)
        except _NotAnInvocation as reason:
            return await _reject(facts, str(reason))
        release = self.registry.get(invocation.release)
        try:
            outcome = await run(release, invocation, Performer(release).perform, facts, _show)
        except ActivityBroke as bug:
            raise ApplicationError(str(bug), "bug", type="Bug", non_retryable=True) from bug
        except Failure as failure:
            # Only the audit row can fail like this, and only where it is another run's: nothing was done.
            outcome = failed(failure)
        _note(invocation, outcome)
        return _ended(outcome)


def tool_run(registry: Registry) -> type[ToolRun]:
    """The workflow class over the releases in `registry`, for one worker or replayer.

    A run whose release is not there fails its workflow task with ReleaseMissing, which Temporal tries again until the
    release has come; anything else that is raised ends the run.
    """
    # Temporal refuses classes made inside a function, and a module must not hold the registry: hence a subclass.
    return workflow.defn(dynamic=True)(
        type(ToolRun.__name__, (ToolRun,), {"registry": registry, "__module__": __name__})
    )


def _invocation(arguments: Sequence[RawValue]) -> Invocation:
    if len(arguments) != 1:
        raise _NotAnInvocation(f"a run takes one argument, the invocation, and was given {len(arguments)}")
    try:
        invocation: Invocation = workflow.payload_converter().from_payload(arguments[0].payload, Invocation)
    except ValidationError as error:
        wrong = sorted({".".join(map(str, each["loc"])) or "the argument" for each in error.errors()})
        raise _NotAnInvocation(f"the argument is not an invocation, look at: {', '.join(wrong)}") from error
    except Exception as error:
        raise _NotAnInvocation("the argument is not JSON") from error
    if workflow.info().workflow_type != f"{invocation.app}.{invocation.tool}":
        raise _NotAnInvocation("the workflow type is not the `app.tool` of the invocation")
    if not is_digest(invocation.release):
        raise _NotAnInvocation("the release of the invocation is not a digest")
    return invocation


async def _reject(facts: RunFacts, reason: str) -> Outcome:
    """End a run that was started with something else than an invocation; it, too, leaves its row."""
    app, _, tool = workflow.info().workflow_type.partition(".")
    nobody = Invocation(release=_UNKNOWN, app=app, tool=tool, input=None, principal=Principal(subject=_UNKNOWN))
    outcome = broken(reason, "permanent")
    record = audit_record(None, nobody, facts, Journal(_show), outcome)
    try:
        await write_audit(RecordAudit(record=record))
        _show(record.steps)
    except Failure as failure:
        outcome = failed(failure)
    _note(nobody, outcome)
    return _ended(outcome)


def _show(steps: tuple[Step, ...]) -> None:
    # Readable although histories are encrypted, so without the messages of failures: they might quote a value.
    readable = (step.model_copy(update={"detail": None}) if step.outcome == "failed" else step for step in steps)
    workflow.set_current_details(details(tuple(readable)))


def _note(invocation: Invocation, outcome: Outcome) -> None:
    """One upsert at the end; what was set at the start is not set again."""
    known = workflow.info().typed_search_attributes
    wanted = ((APP, invocation.app), (TOOL, invocation.tool), (RELEASE, invocation.release))
    updates: list[SearchAttributeUpdate[Any]] = [
        key.value_set(value) for key, value in wanted if known.get(key) != value
    ]
    workflow.upsert_search_attributes([*updates, OUTCOME.value_set(outcome.outcome)])


def _ended(outcome: Outcome) -> Outcome:
    if outcome.outcome != "failed":
        return outcome
    kind = "Bug" if outcome.failure_kind == "bug" else "Failure"
    raise ApplicationError(outcome.failure or kind, outcome.failure_kind, type=kind, non_retryable=True)
