"""Invariants over figures: what counts or adds up rows, and the entities whose changes can break it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from writ.spec.resolved import Entity, ResolvedInvariant


@dataclass(frozen=True, slots=True)
class FigureInvariant:
    """An invariant stated for the rows of `entity` over a figure of the rows of `counted`, which may be the same."""

    entity: str
    invariant: ResolvedInvariant
    counted: str

    @property
    def concerns(self) -> frozenset[str]:
        """The entities whose changes can break it."""
        return frozenset({self.entity, self.counted})


def figure_invariants(entities: Iterable[Entity]) -> Iterator[FigureInvariant]:
    """The invariants over figures of these entities, in the order they are written."""
    for entity in entities:
        for invariant in entity.invariants:
            if invariant.aggregate is not None:
                yield FigureInvariant(entity.name, invariant, invariant.aggregate.entity)
