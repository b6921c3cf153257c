"""Two versions of an app compared: every change, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from writ.changes import (
    access,
    connectors,
    contracts,
    data,
    exposure,
    flow,
    guards,
    outside,
    rows,
    running,
    settings,
    states,
    triggers,
)
from writ.changes.change import Change, Versions
from writ.changes.kinds import Kind
from writ.findings import Colour
from writ.nodes.typed import TypedApp

SUBJECTS: tuple[Callable[[Versions], Iterator[Change]], ...] = (
    access.compare,
    triggers.compare,
    contracts.compare,
    guards.compare,
    rows.compare,
    flow.compare,
    outside.compare,
    connectors.compare,
    data.compare,
    states.compare,
    exposure.compare,
    settings.compare,
)
"""What is compared, one file per subject; what it means for runs that began before comes last."""

_WORST_FIRST = (Colour.red, Colour.yellow, Colour.green)


def compare(old: TypedApp, new: TypedApp) -> tuple[Change, ...]:
    """Every change from `old` to `new`: by level, then by path, kind and message. Each is told once."""
    versions = Versions(old, new)
    changes = [change for subject in SUBJECTS for change in subject(versions)]
    paths = frozenset(change.path for change in changes if change.kind is not Kind.WORDING_CHANGED)
    return in_order([*changes, *running.compare(versions, paths)])


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The worst first, those of one thing beside each other; what two subjects tell alike is told once."""
    once = {(change.path, change.kind.word, change.message): change for change in changes}
    return tuple(sorted(once.values(), key=_key))


def _key(change: Change) -> tuple[int, str, str, str]:
    return _WORST_FIRST.index(change.level), change.path, change.kind.word, change.message
