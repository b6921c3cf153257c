from __future__ import annotations

from writ.lifecycle import Lifecycle

LIFE = Lifecycle(
    ("new", "open", "closed", "lost"),
    "new",
    {"new": ("open",), "open": ("closed", "open"), "closed": (), "lost": ("open",)},
)


def test_sources_are_the_states_with_a_move_there() -> None:
    assert LIFE.sources("open") == ("new", "open", "lost")
    assert LIFE.sources("new") == ()


def test_a_state_without_moves_is_final() -> None:
    assert LIFE.final() == ("closed",)


def test_reachable_is_what_the_initial_state_leads_to() -> None:
    assert LIFE.reachable() == {"new", "open", "closed"}
