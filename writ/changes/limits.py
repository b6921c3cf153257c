"""Limits that were removed, loosened or tightened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from writ.changes.change import Change
from writ.changes.kinds import Kind
from writ.source import Span


@dataclass(frozen=True, slots=True)
class LimitKinds:
    """What a limit that is gone, wider and narrower is called. `least`: it is the least that is taken, so that a wider
    one is lower. `unit` stands behind its number.
    """

    removed: Kind
    loosened: Kind
    tightened: Kind
    least: bool = False
    unit: str = ""


RATE = LimitKinds(Kind.RATE_LIMIT_REMOVED, Kind.RATE_LIMIT_LOOSENED, Kind.RATE_LIMIT_TIGHTENED, unit=" a second")
TIME = LimitKinds(Kind.TIMEOUT_REMOVED, Kind.TIMEOUT_LOOSENED, Kind.TIMEOUT_TIGHTENED, unit=" s")
COUNT = LimitKinds(Kind.LIMIT_REMOVED, Kind.LIMIT_RAISED, Kind.LIMIT_LOWERED)
MOST = LimitKinds(Kind.BOUND_REMOVED, Kind.BOUND_LOOSENED, Kind.BOUND_TIGHTENED)
LEAST = LimitKinds(Kind.BOUND_REMOVED, Kind.BOUND_LOOSENED, Kind.BOUND_TIGHTENED, least=True)


def limited(
    kinds: LimitKinds,
    path: str,
    what: str,
    numbers: tuple[float | None, float | None],
    places: tuple[Span | None, Span | None],
) -> Iterator[Change]:
    """The change of one limit, from the first number to the second; None: there is none."""
    before, after = numbers
    if before == after:
        return
    if after is None:
        message = f"{what} is gone: it was {_shown(before)}{kinds.unit}"
        yield Change(kinds.removed, path, message, *places, "keep a limit")
    elif before is None:
        yield Change(kinds.tightened, path, f"{what} is {_shown(after)}{kinds.unit}; there was none", *places)
    else:
        wider = (after > before) != kinds.least
        message = f"{what} is {_shown(after)}{kinds.unit}, and no longer {_shown(before)}{kinds.unit}"
        help = "keep it as narrow as it was unless it must be wider" if wider else ""
        yield Change(kinds.loosened if wider else kinds.tightened, path, message, *places, help)


def _shown(number: float | None) -> str:
    return f"{number:g}" if isinstance(number, float) else f"{number}"
