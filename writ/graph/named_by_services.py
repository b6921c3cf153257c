"""Rows that a service outside knows by a name it has given them itself, such as the reference of a payment."""

from __future__ import annotations

from collections.abc import Iterator

from writ.graph.app import AppFacts, ToolFacts
from writ.graph.belonging import conditions, touched
from writ.graph.flow import Step
from writ.nodes.facts import Use
from writ.spec.resolved import Entity, EntityField


def found_by_such_a_name(app: AppFacts, step: Step) -> bool:
    """Whether the rows of a step are always found by a field in which every tool keeps only what services answered."""
    entity = touched(step)
    always = (one for one in conditions(step) if one.operator == "equals" and one.when is None)
    return entity is not None and any(_named_by_services(app, entity, one.field) for one in always)


def _named_by_services(app: AppFacts, entity: Entity, field: EntityField) -> bool:
    if field.default is not None or any(not tool.whole for tool in app.app.tools.values()):
        return False
    written = [_answered(tool, use) for tool, use in _written(app, entity, field)]
    return bool(written) and all(written)


def _written(app: AppFacts, entity: Entity, field: EntityField) -> Iterator[tuple[ToolFacts, Use]]:
    for tool in app.every_tool.values():
        for step in tool.graph.steps:
            if step.facts.write is not None and touched(step) == entity:
                yield from ((tool, use) for use in step.facts.uses if use.purpose == "set" and use.field == field)


def _answered(tool: ToolFacts, use: Use) -> bool:
    origins = tool.data.of_use(use)
    steps = [tool.graph.steps[it.step] for it in origins if it.kind == "response" and it.step is not None]
    return bool(origins) and len(steps) == len(origins) and all(step.facts.outside is not None for step in steps)
