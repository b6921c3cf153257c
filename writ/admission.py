"""Admission: steps 1 to 3 of every run as one pure function. The API asks it to answer early, the run asks it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from writ.effects import Invocation, Principal, Refusal, RunFacts, Step
from writ.program import EvaluationFailed, ToolProgram
from writ.refusals import refusal
from writ.representable import unrepresentable
from writ.schemas import Violation
from writ.values.wire import Json, Mismatch, normalise


@dataclass(frozen=True, slots=True)
class Admitted:
    """The run may go on with its normalised input. `sees_all`: by its roles, the principal sees others' rows too."""

    input: Json
    sees_all: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The run ends here."""

    refusal: Refusal
    steps: tuple[Step, ...]


def admit(tool: ToolProgram, invocation: Invocation, run: RunFacts) -> Admitted | Refused:
    """Validate the input, authorize the principal, check the policies; the first "no" decides.

    A tool that conceals itself authorizes first: what is wrong with an input tells that there is a tool.
    """
    roles = [role for role in invocation.principal.roles if role in tool.plan.allow]
    if tool.plan.conceal and not roles:
        return _refused(refusal("not_found", "authorize"), "validate", _NO_ROLE, "policies")
    given = _validate(tool, invocation.input)
    if isinstance(given, Refusal):
        return _refused(given, Step(step="validate", outcome="refused", detail=given.code), "authorize", "policies")
    validated = Step(step="validate", outcome="passed")
    if not roles:
        return _refused(refusal("forbidden", "authorize"), validated, _NO_ROLE, "policies")
    if unrepresentable(principal_value(invocation.principal)):
        # It would break the first thing that is computed from it; where, the caller's token says and nobody else.
        step = Step(step="authorize", outcome="refused", detail="the principal cannot be represented")
        return _refused(refusal("invalid_principal", "authorize"), validated, step, "policies")
    sees_all = any(tool.plan.allow[role] == "all" for role in roles)
    authorized = Step(step="authorize", outcome="passed", detail=_as(roles, sees_all))
    denial = _policies(tool, names(given.value, invocation.principal, run))
    if denial is not None:
        step = Step(step="policies", outcome="refused", detail=denial.source)
        return _refused(denial, validated, authorized, step)
    return Admitted(given.value, sees_all, (validated, authorized, _passed(tool)))


_NO_ROLE = Step(step="authorize", outcome="refused", detail="no role")


def names(given: Json, principal: Principal, run: RunFacts) -> dict[str, Json]:
    """The names every expression may use from the start: `input`, `principal`, `now` and `run`."""
    return {
        "input": given,
        "principal": principal_value(principal),
        "now": run.now,
        "run": {"id": run.id},
    }


def principal_value(principal: Principal) -> dict[str, Json]:
    """The principal as expressions see it."""
    return {"subject": principal.subject, "roles": list(principal.roles), "claims": dict(principal.claims)}


@dataclass(frozen=True, slots=True)
class _Given:
    value: Json


def _validate(tool: ToolProgram, given: Json) -> _Given | Refusal:
    violations = unrepresentable(given) or tool.input_schema.violations(given)
    if violations:
        return _invalid(violations)
    try:
        return _Given(normalise(given, tool.plan.input_type))
    except Mismatch as mismatch:
        return _invalid(((mismatch.pointer, mismatch.reason),))


def _invalid(violations: tuple[Violation, ...]) -> Refusal:
    return refusal("invalid_input", "validate").model_copy(update={"pointers": violations})


def _policies(tool: ToolProgram, values: Mapping[str, Json]) -> Refusal | None:
    for policy in tool.plan.policies:
        try:
            if tool.expressions.holds(policy.deny_when, values):
                return Refusal(code=policy.name, status=policy.status, message=policy.message, source=policy.name)
        except EvaluationFailed:
            return refusal("policy_not_computable", policy.name)
    return None


def _as(roles: list[str], sees_all: bool) -> str:
    return f"as {', '.join(roles)}, {'all rows' if sees_all else 'own rows'}"


def _passed(tool: ToolProgram) -> Step:
    count = len(tool.plan.policies)
    if not count:
        return Step(step="policies", outcome="skipped", detail="no policy applies")
    return Step(step="policies", outcome="passed", detail=f"{count} checked")


def _refused(refusal: Refusal, *steps: Step | str) -> Refused:
    return Refused(refusal, tuple(step if isinstance(step, Step) else _skipped(step) for step in steps))


def _skipped(step: str) -> Step:
    return Step.model_validate({"step": step, "outcome": "skipped"})
