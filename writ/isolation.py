"""Isolation: whoever changes what an invariant counts or adds up must do so in a serializable transaction.

PostgreSQL tells two transactions that break such an invariant together only where both are serializable: under a
weaker isolation neither sees what the other adds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from writ.nodes.typed import (
    TypedArchive,
    TypedChoice,
    TypedCreate,
    TypedNode,
    TypedTool,
    TypedTransaction,
    TypedTransition,
    TypedUpdate,
)
from writ.problems import Problem
from writ.spec.resolved import Entity

_Invariants = Mapping[str, tuple[str, str]]
"""For an entity, an invariant that a change of its rows could break: the entity it is stated for, and its name."""


def isolation_problems(entities: Mapping[str, Entity], tools: Iterable[TypedTool]) -> Iterator[Problem]:
    """Transactions that are not serializable and write what an aggregate invariant is stated for or looks at."""
    invariants = _invariants(entities.values())
    for tool in tools:
        for transaction in _transactions(tool.flow):
            yield from _of(transaction, invariants)


def _invariants(entities: Iterable[Entity]) -> _Invariants:
    found: dict[str, tuple[str, str]] = {}
    for entity in entities:
        for invariant in entity.invariants:
            if invariant.aggregate is not None:
                for concerned in (entity.name, invariant.aggregate.entity):
                    found.setdefault(concerned, (entity.name, invariant.name))
    return found


def _of(transaction: TypedTransaction, invariants: _Invariants) -> Iterator[Problem]:
    if transaction.isolation == "serializable":
        return
    written = next((name for name in _written(transaction.nodes) if name in invariants), None)
    if written is not None:
        stated_for, invariant = invariants[written]
        message = (
            f"`{transaction.name}` writes `{written}`, and two such transactions at once could break"
            f" `{invariant}` of `{stated_for}` under `{transaction.isolation}`"
        )
        place = transaction.isolation_span or transaction.span
        yield Problem("isolation-too-weak", place, message, "leave `isolation` out: it is serializable then")


def _transactions(nodes: Sequence[TypedNode]) -> Iterator[TypedTransaction]:
    for node in nodes:
        if isinstance(node, TypedTransaction):
            yield node
        elif isinstance(node, TypedChoice):
            for case in node.cases:
                yield from _transactions(case.nodes)


def _written(nodes: Sequence[TypedNode]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, TypedCreate | TypedUpdate | TypedTransition | TypedArchive):
            yield node.entity.name
        elif isinstance(node, TypedChoice):
            for case in node.cases:
                yield from _written(case.nodes)
