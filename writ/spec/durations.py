"""How long and how often, as an author writes it: `500ms`, `30s`, `10m`, `24h`, `7d`, and `50/s`, `10/m`, `100/h`."""

from __future__ import annotations

import re
from math import ceil

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_DURATION = re.compile(r"(\d{1,9})(ms|s|m|h|d)", re.ASCII)
_RATE = re.compile(r"(\d{1,9})/(s|m|h)", re.ASCII)


def seconds(text: str) -> float | None:
    """The seconds of a duration that is a whole number and one unit (`ms`, `s`, `m`, `h`, `d`); None if it is not one.

    Nothing is no duration: `0s` is None too.
    """
    found = _DURATION.fullmatch(text)
    number = int(found[1]) if found else 0
    if not found or not number:
        return None
    return number / 1000 if found[2] == "ms" else number * _UNITS[found[2]]


def rate(text: str) -> tuple[int, float] | None:
    """How many in how many seconds, of a rate such as `10/m` (`s`, `m` or `h`); None if it is not one."""
    found = _RATE.fullmatch(text)
    if not found or not int(found[1]):
        return None
    return int(found[1]), _UNITS[found[2]]


def spelled(seconds: float) -> str:
    """A length of time above nothing as an author would write it: the largest unit that needs no fraction, and days
    only from a week on (`90s`, `24h`, `7d`). What is not whole milliseconds is rounded up.
    """
    thousandths = ceil(seconds * 1000 - 1e-6)
    for unit in ("d", "h", "m", "s"):
        number, rest = divmod(thousandths, round(_UNITS[unit] * 1000))
        if not rest and number >= (7 if unit == "d" else 1):
            return f"{number}{unit}"
    return f"{thousandths}ms"
