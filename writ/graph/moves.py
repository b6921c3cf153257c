"""Which moves between states the tools of an app really perform."""

from __future__ import annotations

from collections.abc import Iterator

from writ.graph.app import AppFacts
from writ.graph.flow import FlowGraph
from writ.nodes.facts import Facts
from writ.spec.resolved import Condition, Entity
from writ.values.syntax import Literal

Move = tuple[str, str]
"""From one state to another."""


def named_targets(app: AppFacts, entity: Entity) -> frozenset[str]:
    """The states that a transition of any tool names as its goal, also of tools that are wrong themselves."""
    steps = (step for tool in app.app.tools.values() for step in FlowGraph(tool).steps)
    writes = (step.facts.write for step in steps if step.facts.write is not None)
    return frozenset(write.to for write in writes if write.to is not None and _same(write.entity, entity))


def performed_moves(app: AppFacts, entity: Entity) -> frozenset[Move]:
    """The moves that transitions and compensations of any tool make with rows of the entity."""
    every = (step.facts for tool in app.every_tool.values() for step in tool.graph.steps)
    return frozenset(move for facts in every for move in moves_of(facts, entity))


def moves_of(facts: Facts, entity: Entity) -> Iterator[Move]:
    """The moves that one node makes with rows of the entity."""
    write, compensation = facts.write, facts.outside.compensation if facts.outside else None
    if write is not None and write.to is not None and _same(write.entity, entity):
        yield from _to(entity, write.to, _asked_state(write.where))
    if compensation is not None and compensation.to is not None and _same(compensation.entity, entity):
        yield from _to(entity, compensation.to, None)


def _same(found: Entity | None, entity: Entity) -> bool:
    return found is not None and found.name == entity.name


def _to(entity: Entity, state: str, only_from: str | None) -> Iterator[Move]:
    for source in entity.lifecycle.sources(state) if entity.lifecycle else ():
        if only_from is None or source == only_from:
            yield source, state


def _asked_state(where: tuple[Condition, ...]) -> str | None:
    """The one state that a `where` asks for."""
    for condition in where:
        tree = condition.value.tree if condition.value else None
        if condition.field.name == "state" and condition.operator == "equals" and condition.when is None:
            return str(tree.value) if isinstance(tree, Literal) else None
    return None
