"""The answer of a transaction: what its four steps did, told the same way whether it was kept or not."""

from __future__ import annotations

from writ.effects import Step, StepOutcome, TransactionAnswer
from writ.engine.transaction import Progress
from writ.plan.model import TransactionPlan
from writ.refusals import CANCELLED, Refused, refusal
from writ.values.wire import Json


def committed(
    plan: TransactionPlan, progress: Progress, values: dict[str, Json], effect_digest: str, attempts: int
) -> TransactionAnswer:
    """The transaction was kept."""
    return TransactionAnswer(
        outcome="committed",
        values=values,
        steps=(
            *_begun(plan, progress, "passed"),
            _step(plan, "invariants", "passed", f"{progress.checks} checked, {len(progress.touched)} rows touched"),
            _step(plan, "commit", "passed", None if attempts == 1 else f"attempt {attempts}"),
        ),
        trace=tuple(progress.trace),
        effect_digest=effect_digest,
        attempts=attempts,
    )


def refused(
    plan: TransactionPlan, progress: Progress, why: Refused, effect_digest: str, attempts: int
) -> TransactionAnswer:
    """The transaction was rolled back because governance said no, in its nodes or by an invariant."""
    by_invariant = progress.executed
    return TransactionAnswer(
        outcome="refused",
        refusal=why.refusal,
        steps=(
            *_begun(plan, progress, "passed" if by_invariant else "refused"),
            _step(plan, "invariants", "refused" if by_invariant else "skipped", why.detail if by_invariant else None),
            _step(plan, "commit", "rolled_back"),
        ),
        trace=tuple(progress.trace),
        effect_digest=effect_digest,
        attempts=attempts,
    )


def failed(plan: TransactionPlan, message: str, effect_digest: str) -> TransactionAnswer:
    """The world broke in a way that trying again does not mend."""
    return TransactionAnswer(
        outcome="failed", failure=message, steps=not_done(plan, message), trace=(), effect_digest=effect_digest
    )


def cancelled(plan: TransactionPlan, effect_digest: str) -> TransactionAnswer:
    """The run was cancelled before this was begun."""
    return TransactionAnswer(
        outcome="refused",
        refusal=refusal(CANCELLED, plan.name),
        steps=not_done(plan, CANCELLED),
        trace=(),
        effect_digest=effect_digest,
    )


def not_done(plan: TransactionPlan, why: str) -> tuple[Step, ...]:
    """The four steps of a transaction of which nothing is kept, and no more is known."""
    return (
        _step(plan, "start_transaction", "failed", why),
        _step(plan, "execute", "skipped"),
        _step(plan, "invariants", "skipped"),
        _step(plan, "commit", "skipped"),
    )


def _begun(plan: TransactionPlan, progress: Progress, outcome: StepOutcome) -> tuple[Step, Step]:
    count = len(progress.trace)
    return (
        _step(plan, "start_transaction", "passed", plan.isolation.replace("_", " ")),
        _step(plan, "execute", outcome, f"{count} {'node' if count == 1 else 'nodes'}"),
    )


def _step(plan: TransactionPlan, step: str, outcome: StepOutcome, detail: str | None = None) -> Step:
    return Step.model_validate({"step": step, "outcome": outcome, "transaction": plan.name, "detail": detail})
