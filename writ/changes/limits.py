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
    one is lower. `units` stand behind its number, each with how many seconds it has; the first in which it is whole.
    """

    removed: Kind
    loosened: Kind
    tightened: Kind
    least: bool = False
    units: tuple[tuple[str, int], ...] = (("", 1),)


_RATES = ((" a second", 1), (" a minute", 60), (" an hour", 3600), (" a day", 86400))
RATE = LimitKinds(Kind.RATE_LIMIT_REMOVED, Kind.RATE_LIMIT_LOOSENED, Kind.RATE_LIMIT_TIGHTENED, units=_RATES)
TIME = LimitKinds(Kind.TIMEOUT_REMOVED, Kind.TIMEOUT_LOOSENED, Kind.TIMEOUT_TIGHTENED, units=((" s", 1),))
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
        message = f"{what} is gone: it was {_shown(before, kinds)}"
        yield Change(kinds.removed, path, message, *places, "keep a limit")
    elif before is None:
        yield Change(kinds.tightened, path, f"{what} is {_shown(after, kinds)}; there was none", *places)
    else:
        wider = (after > before) != kinds.least
        message = f"{what} is {_shown(after, kinds)}, and no longer {_shown(before, kinds)}"
        help = "keep it as narrow as it was unless it must be wider" if wider else ""
        yield Change(kinds.loosened if wider else kinds.tightened, path, message, *places, help)


def _shown(number: float | None, kinds: LimitKinds) -> str:
    if not isinstance(number, float):
        return f"{number}{kinds.units[0][0]}"
    whole = ((unit, number * seconds) for unit, seconds in kinds.units if _is_whole(number * seconds))
    unit, shown = next(whole, (kinds.units[0][0], number))
    return f"{shown:g}{unit}"


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) < 1e-6 and number > 0.5
