"""A compensation would have to be compensated itself, or undoes what stands behind the point of no return.

Catches:
    A `compensate` with a `compensate` of its own; a compensation by an operation whose `compensate_with` leads, from
    one to the next, back to itself; and a `compensate` of a `pivot`, or of a call that every run only comes to behind
    one.

Dangerous because:
    Recovery has to end. If undoing must be undone, a run that failed goes back and forth for ever. Behind a pivot a
    run only goes forward: undoing one of its later calls leaves half of the work, which can neither be ended nor taken
    back.

Avoid:
    - payment: money_back
      operation: refund
      pivot: true
    - http: told
      operation: announce
      compensate: {operation: revoke, with: {path: {id: told.id}}}

Prefer:
    - http: told
      operation: announce
      compensate: {operation: revoke, with: {path: {id: told.id}}}
    - payment: money_back
      operation: refund
      pivot: true

Cannot see:
    Compensations behind a pivot that only some runs pass, that has a `fallback`, or that runs at the same time in
    another branch: they are right for the other runs. What a service does by itself when something is undone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.nodes.typed_terms import Compensation
from writ.rules.rule import Rule
from writ.spec.resolved import Connector, Operation


def check(app: AppFacts) -> Iterator[Found]:
    """Compensations that need one, that lead back to themselves, or that stand behind a pivot."""
    told: set[frozenset[str]] = set()
    for tool, step in app.steps("external", "payment"):
        outside = step.facts.outside
        compensation = outside.compensation if outside else None
        if outside is None or compensation is None:
            continue
        if compensation.needs_own:
            yield _needs_own(app, tool, step, compensation)
        pivot = _pivot_before(tool, step)
        if pivot is not None:
            yield _behind_pivot(app, tool, step, compensation, pivot)
        cycle = _cycle(outside.connector, compensation.operation)
        if outside.connector and cycle and frozenset(cycle) not in told:
            told.add(frozenset(f"{outside.connector.name}/{name}" for name in cycle))
            yield _leads_back(app, tool, step, outside.connector, cycle)


def _pivot_before(tool: ToolFacts, step: Step) -> Step | None:
    """The pivot a run has always passed when the step could be undone: the step itself, or one before it."""
    if _is_pivot(step):
        return step
    passed = (one for one in tool.graph.steps_always_before(step) if _is_pivot(one) and not _has_fallback(one))
    return next((one for one in passed if not tool.graph.concurrent(one, step)), None)


def _is_pivot(step: Step) -> bool:
    return step.facts.outside is not None and step.facts.outside.pivot


def _has_fallback(step: Step) -> bool:
    """Whether a run goes on with another value when the call has failed: then it need not have passed the pivot."""
    return any(use.purpose == "bind" for use in step.facts.uses)


def _cycle(connector: Connector | None, operation: str | None) -> tuple[str, ...]:
    """The operations that undo each other in turn, from one that undoes a call on; empty where that ends."""
    operations: Mapping[str, Operation] = connector.operations if connector else {}
    way: list[str] = []
    while operation is not None and operation in operations:
        if operation in way:
            return tuple(way[way.index(operation) :])
        way.append(operation)
        operation = operations[operation].compensate_with
    return ()


def _needs_own(app: AppFacts, tool: ToolFacts, step: Step, compensation: Compensation) -> Found:
    name, undo = step.facts.name, _undo(compensation)
    return Found(
        span=compensation.span,
        path=app.path(tool, step),
        message=f"the compensation of `{name}` has a compensation of its own",
        help=f"remove the inner `compensate`, and repeat {undo} with `retry` until it succeeds",
        witness=_later_fails(tool, step, f"{undo} undoes `{name}` and is undone itself: recovery never ends"),
        detail="compensated",
    )


def _behind_pivot(app: AppFacts, tool: ToolFacts, step: Step, compensation: Compensation, pivot: Step) -> Found:
    name, itself = step.facts.name, pivot.index == step.index
    where = "is a pivot and" if itself else f"stands behind the pivot `{pivot.facts.name}` and"
    end = f"{_undo(compensation)} goes back behind `{pivot.facts.name}`, from which a run can only go forward"
    return Found(
        span=compensation.span,
        path=app.path(tool, step),
        message=f"`{name}` {where} has a compensation",
        help=_way_out(name, pivot.facts.name, itself),
        witness=_later_fails(tool, step, end),
        related=() if itself else (Related(pivot.facts.span, "from here on a run only goes forward"),),
        detail="pivot",
    )


def _way_out(name: str, pivot: str, itself: bool) -> str:
    if itself:
        return f"keep one of the two: `pivot` if `{name}` is never undone, `compensate` if it can be"
    return f"move `{name}` before `{pivot}`, or remove its `compensate` and repeat it until it succeeds"


def _leads_back(app: AppFacts, tool: ToolFacts, step: Step, connector: Connector, cycle: tuple[str, ...]) -> Found:
    first = cycle[0]
    chain = " → ".join(f"`{name}`" for name in (*cycle, first))
    return Found(
        span=connector.operations[first].span,
        path=f"{app.app.name}.{connector.name}/{first}",
        message=f"undoing leads back to itself: {chain}",
        help=f"remove `compensate_with` from `{first}`: what undoes is repeated until it succeeds, and not undone",
        witness=_later_fails(tool, step, f"`{first}` is what undoes, and is undone in turn: {chain}, without end"),
        related=(Related(step.facts.span, f"`{step.facts.name}` is undone this way"),),
        detail=" ".join(sorted(cycle)),
    )


def _undo(compensation: Compensation) -> str:
    return f"`{compensation.operation}`" if compensation.operation else f"the transition to `{compensation.to}`"


def _later_fails(tool: ToolFacts, step: Step, end: str) -> tuple[str, ...]:
    moments = [Moment(step, "succeeds")]
    later = next((one for one in tool.graph.after(step) if one.facts.refuses or one.facts.fails), None)
    if later is not None and later.index != step.index:
        moments.append(Moment(later, "fails" if later.facts.fails else "refuses"))
    return witness(tool.graph, moments, end)


RULE = Rule(
    id="EXT009",
    name="compensation-cycle",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
