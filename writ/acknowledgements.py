"""Acknowledgements of yellow findings: which findings they cover today, and which of them cannot stand.

Red is never covered. An acknowledgement without a day, a reason and a person covers nothing, and where nobody says what
day it is, none does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from writ.findings import Colour, Edit, Finding, Fix, Found
from writ.nodes.typed_terms import Acknowledgement
from writ.problems import did_you_mean
from writ.rules import acknowledged_red, expired_acknowledgement, unmatched_acknowledgement
from writ.rules.rule import Rule

LONGEST_DAYS = 366
"""How many days ahead an acknowledgement may end: somebody looks again once a year."""

RULES: tuple[Rule, ...] = (unmatched_acknowledgement.RULE, expired_acknowledgement.RULE, acknowledged_red.RULE)
"""The rules about acknowledgements themselves, which need every other finding first."""

_SHORTEST_REASON = 3


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A yellow finding and the acknowledgement that covers it."""

    finding: Finding
    acknowledgement: Acknowledgement


def covered(
    findings: Iterable[Finding], acknowledgements: Iterable[Acknowledgement], today: date | None
) -> tuple[Acknowledged, ...]:
    """The yellow findings that an acknowledgement covers on that day; none where the day is not known (None)."""
    named = {one.fingerprint: one for one in acknowledgements}
    pairs = ((finding, named.get(finding.fingerprint)) for finding in findings if finding.colour is Colour.yellow)
    return tuple(
        Acknowledged(finding, one)
        for finding, one in pairs
        if one is not None and one.rule == finding.rule and today is not None and objection(one, today) is None
    )


def objection(acknowledgement: Acknowledgement, today: date | None) -> tuple[str, str] | None:
    """Why an acknowledgement covers nothing, with the way out; None where it stands. With `today` None only what holds
    on any day.
    """
    if not _says_something(acknowledgement.reason):
        return "the acknowledgement gives no reason", "say in a sentence why this may stay as it is"
    if not acknowledgement.by.strip():
        return "the acknowledgement names nobody", "say in `by` who accepts this"
    return _wrong_day(acknowledgement.until, today)


def _says_something(reason: str) -> bool:
    return sum(character.isalpha() for character in reason) >= _SHORTEST_REASON


def _wrong_day(until: str, today: date | None) -> tuple[str, str] | None:
    last = day(until)
    if last is None:
        return f"`{until}` is no day", "write `until` as year, month and day: `2027-01-31`"
    if today is None:
        return None
    if last < today:
        return f"the acknowledgement ended on {last}", "mend what was found, or look at it again and give another day"
    if last > today + timedelta(days=LONGEST_DAYS):
        latest = today + timedelta(days=LONGEST_DAYS)
        return f"`{until}` is more than {LONGEST_DAYS} days ahead", f"choose a day up to {latest}"
    return None


def day(text: str) -> date | None:
    """The day that `YYYY-MM-DD` stands for, None where it stands for none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


def complaints(
    app: str,
    findings: Collection[Finding],
    acknowledgements: Iterable[Acknowledgement],
    today: date | None,
    *,
    complete: bool,
    written: int,
) -> Iterator[Finding]:
    """The findings about acknowledgements themselves, one for each that cannot stand. `complete` says that `findings`
    is everything there is to find: only then is one that matches none too many. `written`: how many the app has written
    down, where those that are given are only some of them.
    """
    by_fingerprint = {finding.fingerprint: finding for finding in findings}
    given = tuple(acknowledgements)
    complained = [(one, found) for one in given if (found := _complaint(one, by_fingerprint, today, complete))]
    stale = [one for one, (rule, *_) in complained if _is_stale(one, rule, by_fingerprint)]
    emptied = len(stale) == written and all(one.lines for one in stale)
    for one, (rule, message, help, witness) in complained:
        fix = _taken_out(one, emptied and one is stale[0]) if one in stale else None
        path = f"{app}.acknowledgements"
        yield rule.finding(Found(one.span, path, message, help, witness=witness, fix=fix, detail=one.fingerprint))


def _is_stale(one: Acknowledgement, rule: Rule, findings: Mapping[str, Finding]) -> bool:
    return rule is unmatched_acknowledgement.RULE and one.fingerprint not in findings


def _taken_out(one: Acknowledgement, leaves_nothing: bool) -> Fix | None:
    """The fix that takes an entry out of the list; of the last ones an empty list is left."""
    if one.lines is None:
        return None
    first, last = one.lines
    return Fix("take the entry out", (Edit(one.span.file, first, 1, last + 1, 1, "  []\n" if leaves_nothing else ""),))


_Complaint = tuple[Rule, str, str, tuple[str, ...]]


def _complaint(
    one: Acknowledgement, findings: Mapping[str, Finding], today: date | None, complete: bool
) -> _Complaint | None:
    finding = findings.get(one.fingerprint)
    if finding is not None and finding.colour is Colour.red:
        return _of_red(finding)
    wrong = objection(one, today)
    if wrong is not None:
        return expired_acknowledgement.RULE, *wrong, ()
    if finding is None and complete:
        return _of_nothing(one, findings)
    if finding is not None and finding.rule != one.rule:
        message = f"the finding `{one.fingerprint}` is one of {finding.rule}, not of `{one.rule}`"
        return unmatched_acknowledgement.RULE, message, f"write `rule: {finding.rule}` if that was looked at", ()
    return None


def _of_red(finding: Finding) -> _Complaint:
    message = f"a red finding cannot be acknowledged: {finding.rule}, {finding.message}"
    witness = (*finding.witness, "an acknowledgement would not change any of this")
    help = "mend what was found, and take the acknowledgement out"
    return acknowledged_red.RULE, message, help, witness


def _of_nothing(one: Acknowledgement, findings: Mapping[str, Finding]) -> _Complaint:
    yellow = [fingerprint for fingerprint, finding in findings.items() if finding.colour is Colour.yellow]
    near = did_you_mean(one.fingerprint, yellow)
    help = "take it out" + (f"; {near}" if near.startswith("did") else "")
    reason = " ".join(one.reason.split()).replace("`", "'")
    message = f"no finding has the fingerprint `{one.fingerprint}`, accepted under `{one.rule}` because `{reason}`"
    return unmatched_acknowledgement.RULE, message, help, ()
