"""Whether rows are looked at once more before they are written: against what a run knew of them when it decided."""

from __future__ import annotations

from collections.abc import Iterator

from writ.graph.app import ToolFacts
from writ.graph.flow import Step
from writ.graph.predicates import met_by_every_row
from writ.nodes.facts import Use
from writ.spec.resolved import Condition


def checked_again(tool: ToolFacts, step: Step) -> frozenset[str]:
    """The fields of the rows that a step writes by which its transaction makes sure of them: those its `where` always
    compares, and those of a row of the same entity, read there again, that decide whether the run comes to the step.
    """
    write = step.facts.write
    if write is None or write.entity is None:
        return frozenset()
    compared = (it.field.name for it in write.where if it.when is None and _compares(tool, step, it))
    asked = (_asked(tool, step, use, write.entity.name) for use in _guards(tool, step))
    return frozenset(compared).union(*asked)


def _compares(tool: ToolFacts, step: Step, condition: Condition) -> bool:
    """Whether the row is compared with what the transaction did not read itself: that always fits."""
    if condition.value is None or condition.operator not in ("equals", "among") or met_by_every_row(condition):
        return False
    origins = tool.data.of(condition.value)
    return all(it.step is None or tool.graph.steps[it.step].transaction != step.transaction for it in origins)


def _guards(tool: ToolFacts, step: Step) -> Iterator[Use]:
    """The conditions decided in the transaction of the step before the run comes to it."""
    return (use for guard, use in tool.data.guards(step) if guard.transaction == step.transaction)


def _asked(tool: ToolFacts, step: Step, use: Use, entity: str) -> Iterator[str]:
    for origin in tool.data.of_use(use):
        if origin.field is None or origin.step is None:
            continue
        read = tool.graph.steps[origin.step]
        if read.facts.read and read.facts.read.entity.name == entity and read.transaction == step.transaction:
            yield origin.field.name
