"""Every expression of an app, each with its logical path and with what the names in it are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.spec.resolved import Entity, TypedExpression
from writ.values.types import ValueType


@dataclass(frozen=True, slots=True)
class Placed:
    """An expression in its place: that of a step, of a policy of a tool, or (without a tool) of an entity's invariant.
    `types` has the type of every name that may stand in it.
    """

    path: str
    expression: TypedExpression
    types: Mapping[str, ValueType]
    tool: ToolFacts | None = None
    step: Step | None = None


def every_expression(app: AppFacts) -> Iterator[Placed]:
    """The expressions of the tools to judge and of the policies that apply to them, then those of all invariants."""
    for tool in app.tools:
        yield from _of_tool(app, tool)
    for entity in app.app.entities.values():
        for name, expression in _of_entity(entity):
            yield Placed(f"{app.app.name}.{entity.name}.{name}", expression, {"this": entity.row})


def _of_tool(app: AppFacts, tool: ToolFacts) -> Iterator[Placed]:
    types = tool.tool.types
    for step in tool.graph.steps:
        for use in step.facts.uses:
            yield Placed(app.path(tool, step), use.expression, types, tool, step)
    asked = [(it.name, it.deny_when) for it in tool.tool.policies]
    asked += [(it.name, it.require_approval_when) for it in tool.tool.approval_policies]
    for name, expression in asked:
        yield Placed(f"{app.app.name}.{name}", expression, types, tool)


def _of_entity(entity: Entity) -> Iterator[tuple[str, TypedExpression]]:
    for invariant in entity.invariants:
        yield invariant.name, invariant.that
        for condition in invariant.aggregate.where if invariant.aggregate else ():
            if condition.value is not None:
                yield invariant.name, condition.value
