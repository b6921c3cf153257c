"""The life of an entity's rows: its states as a table, and which moves the table allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from writ.source import Span


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """States in the author's order, the one a new row has, and for each state those it may move to. `spans`: where
    each is written. `whole`: nothing of it had to be guessed because something was wrong.
    """

    states: tuple[str, ...]
    initial: str
    moves: Mapping[str, tuple[str, ...]]
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False)
    whole: bool = field(default=True, compare=False)

    def sources(self, to: str) -> tuple[str, ...]:
        """The states from which a row may move to `to`, in order."""
        return tuple(state for state in self.states if to in self.moves.get(state, ()))

    def reachable(self) -> frozenset[str]:
        """The states a row can ever have: the initial one and all that its moves lead to."""
        reached = {self.initial}
        to_visit = [self.initial]
        while to_visit:
            found = set(self.moves.get(to_visit.pop(), ())) - reached
            reached |= found
            to_visit.extend(found)
        return frozenset(reached)

    def final(self) -> tuple[str, ...]:
        """The states no row ever leaves."""
        return tuple(state for state in self.states if not self.moves.get(state))
