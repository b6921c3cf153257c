"""The picture of an entity's life: its states, and which tools move rows from one to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cli.graph.marks import Marks
from cli.graph.model import Move, State, StatePicture
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.moves import moves_of
from writ.spec.resolved import Entity


def state_picture(entity: Entity, facts: AppFacts, marks: Marks, problems: Sequence[str] = ()) -> StatePicture:
    """The entity as it is to be seen. `problems` are those that kept a part of it from being drawn."""
    return StatePicture(
        id=f"entity-{entity.name}",
        name=entity.name,
        description=entity.description,
        states=tuple(_states(entity, marks)),
        moves=tuple(_moves(entity, facts)),
        creators=tuple(name for name, tool in facts.every_tool.items() if _creates(tool, entity)),
        marks=marks.below(entity.name),
        problems=tuple(problems),
    )


def _states(entity: Entity, marks: Marks) -> Iterator[State]:
    life = entity.lifecycle
    for number, name in enumerate(life.states if life else (), 1):
        yield State(
            id=f"entity-{entity.name}-{number}",
            name=name,
            initial=life is not None and name == life.initial,
            final=life is not None and name in life.final(),
            marks=marks.below(f"{entity.name}.{name}"),
        )


def _moves(entity: Entity, facts: AppFacts) -> Iterator[Move]:
    life = entity.lifecycle
    if life is None:
        return
    ids = {name: f"entity-{entity.name}-{number}" for number, name in enumerate(life.states, 1)}
    by_tool = {name: _performed(tool, entity) for name, tool in facts.every_tool.items()}
    for start in life.states:
        for end in life.moves.get(start, ()):
            if end in ids:
                tools = tuple(name for name, moves in by_tool.items() if (start, end) in moves)
                yield Move(ids[start], ids[end], tools)


def _performed(tool: ToolFacts, entity: Entity) -> frozenset[tuple[str, str]]:
    return frozenset(move for step in tool.graph.steps for move in moves_of(step.facts, entity))


def _creates(tool: ToolFacts, entity: Entity) -> bool:
    writes = (step.facts.write for step in tool.graph.steps)
    return any(one and one.kind == "create" and one.entity and one.entity.name == entity.name for one in writes)
