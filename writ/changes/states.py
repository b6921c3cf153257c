"""The states rows can be in, and how they may move between them."""

from __future__ import annotations

from collections.abc import Iterator

from writ.changes.change import Change, Versions, paired
from writ.changes.kinds import Kind
from writ.lifecycle import Lifecycle
from writ.source import Span
from writ.spec.resolved import Entity

_NONE = Lifecycle((), "", {})


def compare(versions: Versions) -> Iterator[Change]:
    """Every change of a state machine."""
    for name, old, new in paired(versions.old.app.entities, versions.new.app.entities):
        path = f"{versions.name}.{name}"
        yield from _states(path, old, new)
        yield from _moves(path, old, new)


def _both(old: Entity, new: Entity) -> tuple[Lifecycle, Lifecycle]:
    return old.lifecycle or _NONE, new.lifecycle or _NONE


def _states(path: str, old: Entity, new: Entity) -> Iterator[Change]:
    before, after = _both(old, new)
    for state in before.states:
        if state not in after.states:
            message = f"rows of `{new.name}` can no longer be `{state}`: publishing is refused while some are"
            help = f"keep `{state}`, with moves that lead out of it, until no row is in it"
            yield Change(Kind.STATE_REMOVED, f"{path}.{state}", message, *_places(state, old, new), help)
    for state in after.states:
        if state not in before.states:
            message = f"rows of `{new.name}` can be `{state}`"
            yield Change(Kind.STATE_ADDED, f"{path}.{state}", message, *_places(state, old, new))
    if before.states and after.states and before.initial != after.initial:
        message = f"new rows of `{new.name}` are `{after.initial}`, and no longer `{before.initial}`"
        yield Change(Kind.INITIAL_CHANGED, path, message, *_places(after.initial, old, new))


def _moves(path: str, old: Entity, new: Entity) -> Iterator[Change]:
    """Moves between states that both versions have: others come and go with their states."""
    before, after = _both(old, new)
    for state in (one for one in after.states if one in before.states):
        was, is_now = before.moves.get(state, ()), after.moves.get(state, ())
        for to in is_now:
            if to in before.states and to not in was:
                message = f"a `{new.name}` that is `{state}` may become `{to}`"
                yield Change(Kind.MOVE_ALLOWED, f"{path}.{state}", message, *_places(state, old, new))
        for to in was:
            if to in after.states and to not in is_now:
                message = f"a `{new.name}` that is `{state}` may no longer become `{to}`"
                yield Change(Kind.MOVE_FORBIDDEN, f"{path}.{state}", message, *_places(state, old, new))


def _places(state: str, old: Entity, new: Entity) -> tuple[Span, Span]:
    before, after = _both(old, new)
    return before.spans.get(state, old.span), after.spans.get(state, new.span)
