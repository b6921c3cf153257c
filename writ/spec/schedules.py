"""Schedules of cron: minute, hour, day of the month, month and day of the week."""

from __future__ import annotations

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES = {name: number for number, name in enumerate(_MONTHS, 1)} | {name: at for at, name in enumerate(_DAYS)}
_ALLOWED = (range(60), range(24), range(1, 32), range(1, 13), range(8))
_PART = re.compile(r"(\*|(\d{1,2}|[a-z]{3})(?:-(\d{1,2}|[a-z]{3}))?)(?:/(\d{1,2}))?", re.ASCII)


def is_schedule(text: str) -> bool:
    """Whether `text` is five fields of cron: `*`, numbers, ranges, lists, steps, and names of months and days."""
    fields = text.split(" ")
    return len(fields) == len(_ALLOWED) and all(
        _is_part(part, at) for at, field in enumerate(fields) for part in field.lower().split(",")
    )


def _is_part(part: str, at: int) -> bool:
    found = _PART.fullmatch(part)
    if found is None or found[4] == "0" * len(found[4] or "x"):
        return False
    if found[1] == "*":
        return True
    first = _number(found[2], at)
    last = _number(found[3], at) if found[3] else first
    return first in _ALLOWED[at] and last in _ALLOWED[at] and first <= last


def _number(word: str, at: int) -> int:
    """The number a word stands for in the field `at`; -1, which no field allows, where it is no name of that field."""
    if word.isdecimal():
        return int(word)
    named = {3: _MONTHS, 4: _DAYS}.get(at, ())
    return _NAMES[word] if word in named else -1
