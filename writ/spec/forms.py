"""Texts of a fixed form that are no names: lengths of time, rates, schedules, dates, ids of rules and of findings."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field

from writ.problems import Problem
from writ.spec.authored import PlacedText
from writ.spec.complaints import quoted, wrong_type
from writ.spec.durations import rate, seconds
from writ.spec.marked import Marked
from writ.spec.schedules import is_schedule

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Sentence = Annotated[str, Field(min_length=1)]
HeaderName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
        max_length=100,
        description="the name of an HTTP header is made of letters, digits and `-`",
    ),
]


class FormedText(PlacedText):
    """A text that `fits` says the form of; `rule` tells an author how it is written."""

    __slots__ = ()

    @classmethod
    def shaped(cls, marked: Marked) -> Self | Problem:
        """The text, if it has the form."""
        if not isinstance(marked.value, str):
            return wrong_type([cls.expected], marked, cls.rule)
        if cls.fits(marked.value):
            return cls(marked.value, marked.span)
        return Problem(cls.code, marked.span, f"{quoted(marked.value)} is not {cls.expected}", cls.rule)

    @classmethod
    def fits(cls, text: str) -> bool:
        """Whether the text has the form."""
        return bool(cls.form.fullmatch(text))


class DurationText(FormedText):
    """A length of time."""

    __slots__ = ()

    expected = "a length of time"
    code = "not-a-duration"
    rule = "a length of time is a whole number and `ms`, `s`, `m`, `h` or `d`: `500ms`, `30s`, `24h`"

    @classmethod
    def fits(cls, text: str) -> bool:
        """Whether it is a length of time above nothing."""
        return seconds(text) is not None

    @property
    def seconds(self) -> float:
        """The length in seconds."""
        return seconds(self) or 0.0


class RateText(FormedText):
    """So many in a second, minute or hour."""

    __slots__ = ()

    expected = "a rate"
    code = "not-a-rate"
    rule = "a rate is a whole number of calls per `s`, `m` or `h`: `10/m`"

    @classmethod
    def fits(cls, text: str) -> bool:
        """Whether it is a rate above nothing."""
        return rate(text) is not None

    @property
    def calls_in_seconds(self) -> tuple[int, float]:
        """How many, in how many seconds."""
        return rate(self) or (0, 1.0)


class ScheduleText(FormedText):
    """A schedule of cron."""

    __slots__ = ()

    expected = "a schedule"
    code = "not-a-schedule"
    rule = "a schedule is minute, hour, day, month and day of the week: `0 3 * * *` is every night at three"

    @classmethod
    def fits(cls, text: str) -> bool:
        """Whether cron would take it."""
        return is_schedule(text)


class DateText(FormedText):
    """A day."""

    __slots__ = ()

    expected = "a date"
    code = "not-a-date"
    rule = "a date looks like `2027-01-31`"
    form = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

    @classmethod
    def fits(cls, text: str) -> bool:
        """Whether there is such a day."""
        try:
            return bool(cls.form.fullmatch(text)) and bool(date.fromisoformat(text))
        except ValueError:
            return False


class OwnRuleId(FormedText):
    """The id of a rule that an app adds."""

    __slots__ = ()

    expected = "the id of a rule of your own"
    code = "not-a-rule-id"
    rule = "it is `ORG` and three digits: `ORG001`"
    form = re.compile(r"ORG\d{3}", re.ASCII)


class RuleId(FormedText):
    """The id of any rule."""

    __slots__ = ()

    expected = "the id of a rule"
    code = "not-a-rule-id"
    rule = "it is three capital letters and three digits: `PAY006`"
    form = re.compile(r"[A-Z]{3}\d{3}", re.ASCII)


class Fingerprint(FormedText):
    """What a finding is known by."""

    __slots__ = ()

    expected = "the fingerprint of a finding"
    code = "not-a-fingerprint"
    rule = "copy the 16 characters that are shown with the finding"
    form = re.compile(r"[0-9a-f]{16}", re.ASCII)

    @classmethod
    def shaped(cls, marked: Marked) -> Self | Problem:
        """The text, also where all of it are digits and YAML takes it for a number."""
        if isinstance(marked.value, int | float) and marked.written:
            return super().shaped(Marked(marked.written.text, marked.span))
        return super().shaped(marked)
