"""The logical place of a line that an author wrote, and how a run comes there."""

from __future__ import annotations

from dataclasses import dataclass

from writ.graph.app import AppFacts
from writ.graph.flow import FlowGraph, Step
from writ.graph.witness import way_to
from writ.nodes.typed import TypedTool
from writ.source import Span
from writ.spec.resolved import Connector, Entity


@dataclass(frozen=True, slots=True)
class Place:
    """`path` is the logical path (`clinic.book_appointment/booking/charge`); `witness` tells the way there, one
    sentence a step.
    """

    path: str
    witness: tuple[str, ...]


def place_of(app: AppFacts, span: Span) -> Place:
    """The place of a line: the step, tool, entity, connector or other document it belongs to."""
    match app.by_file.get(span.file):
        case TypedTool() as tool:
            return _in_tool(app, tool, span)
        case Entity() as entity:
            return _in_entity(app, entity, span)
        case Connector() as connector:
            return _in_connector(app.app.name, connector, span)
        case _:
            return _in_document(app, span)


def _in_tool(app: AppFacts, tool: TypedTool, span: Span) -> Place:
    path = f"{app.app.name}.{tool.name}"
    graph = app.graph_of(tool)
    step = _nearest(graph, span) if _in_flow(tool, span) else None
    if step is None:
        return Place(path, (f"somebody calls `{tool.name}`",))
    way = way_to(graph, step)
    if not tool.whole and step.facts.span.line != span.line:  # the node itself may be the one that was left out
        way = (*way[:-1], f"the run comes to line {span.line}, in or behind `{step.facts.name}`")
    return Place(f"{path}/{step.path}", way)


def _in_flow(tool: TypedTool, span: Span) -> bool:
    """Whether `flow` is the last key of the document that begins at or above the line."""
    above = [(place, key) for key, place in tool.spans.items() if "." not in key and place.line <= span.line]
    return not above or max(above)[1] == "flow"


def _nearest(graph: FlowGraph, span: Span) -> Step | None:
    above = (step for step in graph.steps if step.facts.span.file == span.file and step.facts.span.line <= span.line)
    return max(above, key=lambda step: (step.facts.span, step.index), default=None)


def _in_entity(app: AppFacts, entity: Entity, span: Span) -> Place:
    marks = [(one.span, name) for name, one in entity.fields.items() if not one.system]
    marks += [(one.span, one.name) for one in entity.invariants]
    part = next((name for place, name in marks if place.line == span.line), None)
    path = f"{app.app.name}.{entity.name}"
    return Place(f"{path}.{part}" if part else path, (_use_of(app, entity),))


def _use_of(app: AppFacts, entity: Entity) -> str:
    for tool in app.app.tools.values():
        for step in app.graph_of(tool).steps:
            touched = step.facts.write or step.facts.read
            if touched is not None and touched.entity is not None and touched.entity.name == entity.name:
                return f"`{tool.name}` comes to `{step.facts.name}`, which touches rows of `{entity.name}`"
    return f"the first run that touches a row of `{entity.name}` comes here"


def _in_connector(app: str, connector: Connector, span: Span) -> Place:
    above = (it for it in connector.operations.values() if it.span.line <= span.line)
    operation = max(above, key=lambda it: it.span, default=None)
    path = f"{app}.{connector.name}"
    if operation is None:
        return Place(path, (f"a run calls `{connector.name}`",))
    return Place(f"{path}/{operation.name}", (f"a run calls `{operation.name}` of `{connector.name}`",))


def _in_document(app: AppFacts, span: Span) -> Place:
    """A policy or the app's own document: known by the first text in it, which is its name."""
    name = next((text for text, place in app.app.texts if place.file == span.file), app.app.name)
    if name == app.app.name:
        return Place(name, (f"`{name}` is published as it is written",))
    return Place(f"{app.app.name}.{name}", (f"a run comes to where `{name}` decides",))
