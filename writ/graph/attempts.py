"""Calls to the outside that are made more than once, and the calls that undo them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.nodes.facts import Outside
from writ.nodes.typed_terms import CallPolicy
from writ.source import Span
from writ.spec.resolved import Connector, Operation


@dataclass(frozen=True, slots=True)
class Attempted:
    """One call as a node makes it, or the one that compensates it: then `compensates` is true and `span` is the place
    of its `compensate`. `what` names it in a sentence.
    """

    tool: ToolFacts
    step: Step
    outside: Outside
    connector: Connector | None
    operation: Operation | None
    policy: CallPolicy
    span: Span
    compensates: bool = False

    @property
    def what(self) -> str:
        """Its name in a sentence."""
        name = f"`{self.step.facts.name}`"
        return f"the compensation of {name}" if self.compensates else name

    @property
    def detail(self) -> str:
        """What tells its finding apart from that of the node it compensates."""
        return "compensation" if self.compensates else ""


def attempted(app: AppFacts, *effects: str) -> Iterator[Attempted]:
    """The calls of the steps with one of these effects, each followed by the call that compensates it."""
    for tool, step in app.steps(*effects):
        outside = step.facts.outside
        if outside is not None:
            yield from _of(tool, step, outside)


def repeats(policy: CallPolicy) -> bool:
    """Whether the author asks for more than one attempt; a policy without `retry` says nothing of it."""
    return policy.retry is not None and (policy.retry.max_attempts is None or policy.retry.max_attempts > 1)


def _of(tool: ToolFacts, step: Step, outside: Outside) -> Iterator[Attempted]:
    connector = outside.connector
    yield Attempted(tool, step, outside, connector, outside.operation, outside.policy, step.facts.span)
    undoing = outside.compensation
    if undoing is not None and undoing.operation is not None:
        operation = connector.operations.get(undoing.operation) if connector else None
        yield Attempted(tool, step, outside, connector, operation, undoing.policy, undoing.span, compensates=True)
