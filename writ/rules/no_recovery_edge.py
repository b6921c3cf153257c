"""A compensation moves a row where no transition leads from the state that the flow put it in.

Catches:
    A `compensate` with a `transition` to a state that cannot be reached by one declared move: from the state the flow
    has put a row of that entity in before the call, or puts it in behind the call before something can still fail; and
    where the flow moves none, a state that no state moves to.

Dangerous because:
    A compensation runs when something has already gone wrong. If its move is refused then, the way back does not exist:
    the call is undone by half, and the row tells of something that is no longer true.

Avoid:
    states:
      placed: {initial: true, to: [paid], meaning: Money is asked for.}
      paid: {meaning: The money is there.}
      cancelled: {meaning: Nothing came of it.}

Prefer:
    states:
      placed: {initial: true, to: [paid, cancelled], meaning: Money is asked for.}
      paid: {meaning: The money is there.}
      cancelled: {meaning: Nothing came of it.}

Cannot see:
    Which row it is: where a flow moves several rows of one entity, each of those moves is asked for. A row that another
    run moves meanwhile is found when it runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import FAILED, REFUSED, Step
from writ.graph.witness import Moment, witness
from writ.lifecycle import Lifecycle
from writ.nodes.typed_terms import Compensation
from writ.problems import with_article
from writ.rules.rule import Rule
from writ.spec.resolved import Entity


def check(app: AppFacts) -> Iterator[Found]:
    """Compensations that move a row, without such a move."""
    for tool, step in app.steps():
        compensation = step.facts.outside.compensation if step.facts.outside else None
        if compensation is None or compensation.entity is None or compensation.to is None:
            continue
        life = compensation.entity.lifecycle
        if life is None or not life.whole or compensation.to not in life.states:
            continue
        yield from _missing(app, tool, step, compensation, compensation.entity, life, compensation.to)


def _missing(
    app: AppFacts,
    tool: ToolFacts,
    step: Step,
    compensation: Compensation,
    entity: Entity,
    life: Lifecycle,
    to: str,
) -> Iterator[Found]:
    left = _left_in(tool, step, entity, life)
    without = [state for state in left if to not in (state, *life.moves.get(state, ()))]
    if not left and not life.sources(to):
        without = [life.initial]
    if not without:
        return
    state = without[0]
    name, moved = step.facts.name, with_article(entity.name)
    yield Found(
        span=compensation.span,
        path=app.path(tool, step),
        message=f"the compensation of `{name}` moves {moved} from `{state}` to `{to}`, which may not be",
        help=f"add `{to}` to the `to` of `{state}` in {entity.name}, or compensate with a state it may move to",
        witness=witness(
            tool.graph,
            [Moment(step, "succeeds")],
            f"a later step fails, and moving the {entity.name} from `{state}` to `{to}` is refused: it stays as it is",
        ),
    )


def _left_in(tool: ToolFacts, step: Step, entity: Entity, life: Lifecycle) -> list[str]:
    """The states in which the flow can have left a row when the compensation runs."""
    graph = tool.graph
    before = next((state for one in graph.steps_always_before(step) if (state := _puts_in(one, entity, life))), None)
    later = (
        state for one in graph.after(step) if (state := _puts_in(one, entity, life)) and _can_still_fail(tool, one)
    )
    return list(dict.fromkeys([*([before] if before else []), *later]))


def _puts_in(step: Step, entity: Entity, life: Lifecycle) -> str | None:
    write = step.facts.write
    if write is None or write.entity is None or write.entity.name != entity.name:
        return None
    return life.initial if write.kind == "create" else write.to


def _can_still_fail(tool: ToolFacts, step: Step) -> bool:
    block = tool.graph.transaction_of(step) or step
    return tool.graph.can_end(block, FAILED) or tool.graph.can_end(block, REFUSED)


RULE = Rule(
    id="STM005",
    name="no-recovery-edge",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
