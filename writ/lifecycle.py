"""The life of an entity's rows: its states as a table, and which moves the table allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """States in the author's order, the one a new row has, and for each state those it may move to."""

    states: tuple[str, ...]
    initial: str
    moves: Mapping[str, tuple[str, ...]]

    def sources(self, to: str) -> tuple[str, ...]:
        """The states from which a row may move to `to`, in order."""
        return tuple(state for state in self.states if to in self.moves.get(state, ()))

    def final(self) -> tuple[str, ...]:
        """The states no row ever leaves."""
        return tuple(state for state in self.states if not self.moves.get(state))
