"""What changes something: in rows, in the world outside or with money, by a tool itself or by those it calls."""

from __future__ import annotations

from collections.abc import Iterator

from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.spec.resolved import Operation

_CHANGING = frozenset({"PUT", "PATCH", "DELETE"})


def acts(step: Step) -> bool:
    """Whether a step changes something itself. A call to the outside that has no effect there only asks."""
    outside = step.facts.outside
    if outside is not None:
        return outside.operation is None or has_effect(outside.operation)
    return step.facts.effect in ("write", "emit")


def has_effect(operation: Operation) -> bool:
    """Whether an operation changes something or tells somebody: its method and what it notifies say more than a
    declared `effect: none`.
    """
    return operation.effect != "none" or operation.notifies or operation.method in _CHANGING


def acting_steps(app: AppFacts, tool: ToolFacts) -> Iterator[tuple[ToolFacts, Step]]:
    """The steps that change something, of the tool and then of the tools it calls, each with the tool it stands in."""
    for name in (tool.name, *sorted(app.called(tool.name) - {tool.name})):
        found = app.every_tool.get(name)
        if found is not None:
            yield from ((found, step) for step in found.graph.steps if acts(step))


def what_it_does(step: Step) -> str:
    """What is so once the step is done, in words: `rows of `Order` are changed`, `money has moved`."""
    write, outside = step.facts.write, step.facts.outside
    if write is not None:
        return f"rows of `{write.entity.name}` are changed" if write.entity else "rows are changed"
    if step.facts.effect == "payment":
        return "money has moved"
    if outside is not None:
        return f"`{outside.connector.name}` has done it" if outside.connector else "a service outside has done it"
    return "an event goes out" if step.facts.effect == "emit" else "it is done"
