"""Which moves between states the tools of an app really perform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from writ.graph.app import AppFacts
from writ.nodes.facts import Facts
from writ.spec.resolved import Condition, Entity
from writ.values.syntax import Literal

Move = tuple[str, str]
"""From one state to another."""


def named_targets(app: AppFacts) -> Mapping[str, frozenset[str]]:
    """By entity, the states that transitions of any tool name as their goal, also of one that is wrong itself."""
    found: dict[str, set[str]] = {}
    for tool in app.app.tools.values():
        for step in app.graph_of(tool).steps:
            write = step.facts.write
            if write is not None and write.to is not None and write.entity is not None:
                found.setdefault(write.entity.name, set()).add(write.to)
    return {entity: frozenset(states) for entity, states in found.items()}


def performed_moves(app: AppFacts) -> Mapping[str, frozenset[Move]]:
    """By entity, the moves that transitions and compensations of any tool make with its rows."""
    found: dict[str, set[Move]] = {}
    for tool in app.every_tool.values():
        for step in tool.graph.steps:
            for entity in _moved(step.facts):
                found.setdefault(entity.name, set()).update(moves_of(step.facts, entity))
    return {entity: frozenset(moves) for entity, moves in found.items()}


def _moved(facts: Facts) -> Iterator[Entity]:
    """The entities of whose rows the node may change the state."""
    compensation = facts.outside.compensation if facts.outside else None
    for moved in (facts.write, compensation):
        if moved is not None and moved.entity is not None:
            yield moved.entity


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
