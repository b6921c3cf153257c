"""The audit record of a run and how far the run came: all nine steps, whatever happened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from writ.digest import PREFIX, digest
from writ.effects import AuditRecord, Failure, Invocation, Outcome, Refusal, RunFacts, Step, StepOutcome, Traced
from writ.engine.masking import MASK, mask, shows
from writ.plan.model import ToolPlan
from writ.representable import unrepresentable
from writ.values.wire import Json

_IN_A_TRANSACTION = ("start_transaction", "execute", "invariants", "commit")
_BEFORE = ("validate", "authorize", "policies")

Watch = Callable[[tuple[Step, ...]], None]
"""Told of the steps so far whenever there are more of them."""


@dataclass(slots=True)
class Journal:
    """What a run has done so far."""

    watch: Watch
    steps: list[Step] = field(default_factory=list)
    trace: list[Traced] = field(default_factory=list)

    def add(self, *steps: Step) -> None:
        """Note steps that are done."""
        self.steps.extend(steps)
        self.watch(tuple(self.steps))

    def completed(self, outcome: Outcome) -> tuple[Step, ...]:
        """All nine steps: what was not come to is skipped, and the audit row that holds them is counted as written."""
        done = {step.step for step in self.steps}
        missing = [_skipped(name) for name in (*_BEFORE, *_IN_A_TRANSACTION) if name not in done]
        before = [step for step in self.steps if step.step in _BEFORE]
        inside = [step for step in self.steps if step.step in _IN_A_TRANSACTION]
        return (
            *before,
            *(step for step in missing if step.step in _BEFORE),
            *inside,
            *(step for step in missing if step.step in _IN_A_TRANSACTION),
            Step(step="audit", outcome="passed"),
            Step(step="respond", outcome=_RESPONDED[outcome.outcome], detail=_why(outcome)),
        )


_RESPONDED: dict[str, StepOutcome] = {"answered": "passed", "refused": "refused", "failed": "failed"}


def _why(outcome: Outcome) -> str | None:
    return outcome.refusal.code if outcome.refusal else outcome.failure


def _skipped(name: str) -> Step:
    return Step.model_validate({"step": name, "outcome": "skipped"})


def answered(response: Json) -> Outcome:
    """The run gave its answer."""
    return Outcome(outcome="answered", response=response)


def refused(refusal: Refusal) -> Outcome:
    """Governance said no."""
    return Outcome(outcome="refused", refusal=refusal)


def failed(failure: Failure) -> Outcome:
    """The world broke."""
    return Outcome(outcome="failed", failure=failure.message, failure_kind=failure.kind)


def broken(what: str, kind: Literal["bug", "permanent"] = "bug") -> Outcome:
    """Our own invariant broke, or the run was ended from outside."""
    return Outcome(outcome="failed", failure=what, failure_kind=kind)


def audit_record(
    plan: ToolPlan | None, invocation: Invocation, facts: RunFacts, journal: Journal, outcome: Outcome
) -> AuditRecord:
    """The row that says what became of a run.

    Without a plan, or where nobody looked whether the input is what the plan expects, nothing is known to be harmless:
    all of it is masked.
    """
    representable = not unrepresentable(invocation.input)
    known = representable and not any(step.step == "validate" and step.outcome == "skipped" for step in journal.steps)
    return AuditRecord(
        run_id=facts.id,
        app=invocation.app,
        tool=invocation.tool,
        release=invocation.release,
        trigger=invocation.trigger,
        subject=invocation.principal.subject,
        roles=invocation.principal.roles,
        started_at=facts.now,
        outcome=outcome.outcome,
        refusal=outcome.refusal,
        failure=outcome.failure,
        steps=journal.completed(outcome),
        trace=tuple(journal.trace),
        input=mask(invocation.input, _hidden(plan, invocation.input, outcome)) if plan and known else MASK,
        input_digest=digest(invocation.input) if representable else _digest_of_anything(invocation.input),
        output_digest=digest(outcome.response) if outcome.outcome == "answered" else None,
    )


def _hidden(plan: ToolPlan, given: Json, outcome: Outcome) -> Iterator[str]:
    """Where the input may be personal: where the plan says so, and wherever it is not what the plan expects.

    A single value in a place that the schema knows is shown although it does not fit: whoever asks why has to see it.
    """
    yield from plan.masked
    unexpected = outcome.refusal.pointers if outcome.refusal else ()
    yield from (pointer for pointer, _ in unexpected if not shows(plan.input_schema, given, pointer))


def _digest_of_anything(value: Json) -> str:
    """A digest for an input that has no canonical form: it is refused, and still must be told from others."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=repr)
    return PREFIX + hashlib.sha256(text.encode("ascii")).hexdigest()
