"""Something is to happen after the run has answered.

Catches:
    A node that writes, emits, calls out, pays or calls a tool, or a container with such a node, behind a `respond` or
    `refuse` that every run comes to first; also in a later branch of a `parallel` in which an earlier one answers.

Dangerous because:
    The answer ends the run. The caller is told that the order is placed or that it is refused, and what the flow says
    next never happens.

Avoid:
    - respond:
      value: {order: order.id}
    - transaction: noting
      nodes:
        - update: noted
          entity: Order
          where: {id: order.id}
          set: {parcel: shipped.parcel}

Prefer:
    - transaction: noting
      nodes:
        - update: noted
          entity: Order
          where: {id: order.id}
          set: {parcel: shipped.parcel}
    - respond:
      value: {order: order.id}

Cannot see:
    A case that is never taken because its condition is never true. A node behind the answer that does nothing to the
    world is a problem of the spec, not a danger.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule

_HAPPENS = frozenset({"write", "emit", "external", "payment", "call"})


def check(app: AppFacts) -> Iterator[Found]:
    """The first step of every stretch that no run comes to, where something would have happened."""
    for tool in app.tools:
        for step in tool.graph.steps:
            if _begins_dead(tool, step) and _does_something(tool, step):
                yield _found(app, tool, step)


def _begins_dead(tool: ToolFacts, step: Step) -> bool:
    container = tool.graph.container(step)
    if tool.graph.is_reachable(step) or (container is not None and not tool.graph.is_reachable(container)):
        return False
    before = _sibling(tool, step)
    return before is None or tool.graph.is_reachable(before)


def _sibling(tool: ToolFacts, step: Step) -> Step | None:
    """What stands right before it in the same list."""
    before = (one for one in tool.graph.steps[: step.index] if one.containers == step.containers)
    return max(before, key=lambda one: one.index, default=None)


def _does_something(tool: ToolFacts, step: Step) -> bool:
    return any(one.facts.effect in _HAPPENS for one in (step, *tool.graph.inside(step)))


def _found(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    name = step.facts.name
    end = next(one for one in reversed(tool.graph.steps[: step.index]) if _ends(tool, one))
    told = "was refused" if end.facts.effect == "refusal" else "has answered"
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` never happens: the run {told} before",
        help=f"move `{name}` before the `{end.facts.kind}`, or remove it",
        witness=witness(
            tool.graph,
            [Moment(end, "ends the run")],
            f"the caller goes by the answer, and `{name}`, which stands behind it, has not happened and never will",
        ),
        related=(Related(end.facts.span, "the run ends here"),),
    )


def _ends(tool: ToolFacts, step: Step) -> bool:
    return step.facts.effect in ("answer", "refusal") and tool.graph.is_reachable(step)


RULE = Rule(
    id="WRT008",
    name="write-after-respond",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
