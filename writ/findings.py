"""Finding: what a safety rule has found in a spec, how bad it is, and the one function that decides its colour."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from writ.source import Span


class Severity(StrEnum):
    """What comes of it: `harm` loses money, data, trust or the life of a run; a `risk` may, with more going wrong."""

    harm = "harm"
    risk = "risk"


class Confidence(StrEnum):
    """How sure a rule is: `certain` is decided by structure or types; `likely` by a heuristic."""

    certain = "certain"
    likely = "likely"


class Colour(StrEnum):
    """Red blocks, and nothing overrides it; yellow must be acknowledged; green is fine."""

    green = "green"
    yellow = "yellow"
    red = "red"


def colour(severity: Severity, confidence: Confidence) -> Colour:
    """The colour of a finding: red only for what is certain harm, because nobody can override red."""
    if severity is Severity.harm and confidence is Confidence.certain:
        return Colour.red
    return Colour.yellow


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding, and what it has to do with it."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A change of a file's text: what stands from `line` and `column` (from 1) up to `end_line` and `end_column`
    (exclusive) becomes `text`. An insertion has both places equal.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A mechanical way out: what it does, in words, and the edits that do it."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule reports. `path` is the logical path (`clinic.book_appointment/booking/charge`, `clinic.Order.total`),
    which stays the same when lines move. `witness` tells step by step how it goes wrong. `detail` tells apart two
    findings of one rule at one path. `severity` is only given where this case is worse or milder than the rule's own.
    `conceal`: the line holds a secret and is shown nowhere.
    """

    span: Span
    path: str
    message: str
    help: str
    witness: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    detail: str = ""
    severity: Severity | None = None
    conceal: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as it is reported: `rule` is the stable id (`PAY001`), `name` its name in words."""

    rule: str
    name: str
    severity: Severity
    confidence: Confidence
    span: Span
    path: str
    message: str
    help: str
    witness: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    detail: str = ""
    conceal: bool = False

    @property
    def colour(self) -> Colour:
        """Red or yellow."""
        return colour(self.severity, self.confidence)

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that stay the same while the finding is the same, wherever its lines move."""
        identity = "\0".join((self.rule, self.path, self.detail))
        return hashlib.sha256(identity.encode()).hexdigest()[:16]


def worst(colours: Iterable[Colour]) -> Colour:
    """The colour of a whole: that of its worst part."""
    order = list(Colour)
    return max(colours, key=order.index, default=Colour.green)
