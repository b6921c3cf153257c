from __future__ import annotations

from datetime import date

import pytest

from tests import shelf
from writ.acknowledgements import day, objection
from writ.judgement import Judgement, judge
from writ.nodes.typed_terms import Acknowledgement
from writ.source import Span

TODAY = date(2026, 11, 20)


def given(until: str = "2027-01-31", reason: str = "Looked at it.", by: str = "anna") -> Acknowledgement:
    return Acknowledgement(Span("a.yaml", 1, 1), "0" * 16, "ORG001", reason, by, until)


def judged(files: shelf.Files, today: date | None = TODAY) -> Judgement:
    return judge(shelf.typed(files), today=today)


def rules(judgement: Judgement) -> list[str]:
    return [finding.rule for finding in judgement.open]


def test_a_yellow_finding_that_is_acknowledged_is_deployable() -> None:
    found = judged(shelf.acknowledged(shelf.yellow(), until="2027-01-31"))
    assert found.deployable
    assert found.open == ()
    [one] = found.acknowledged
    assert (one.finding.rule, one.acknowledgement.by) == ("ORG001", "anna@example.org")
    assert str(found.colour) == "yellow"


def test_no_acknowledgement_counts_where_the_day_is_not_known() -> None:
    found = judged(shelf.acknowledged(shelf.yellow(), until="2027-01-31"), None)
    assert not found.deployable
    assert rules(found) == ["ORG001"]


def test_an_acknowledgement_counts_up_to_its_last_day() -> None:
    files = shelf.acknowledged(shelf.yellow(), until="2027-01-31")
    assert judged(files, date(2027, 1, 31)).deployable
    late = judged(files, date(2027, 2, 1))
    assert not late.deployable
    assert sorted(rules(late)) == ["ACK002", "ORG001"]


def test_red_is_never_covered() -> None:
    found = judged(shelf.acknowledged(shelf.red(), until="2027-01-31"))
    assert not found.deployable
    assert found.acknowledged == ()
    assert sorted(rules(found)) == ["ACK003", "ORG001"]
    assert str(found.colour) == "red"


def test_an_acknowledgement_under_another_rule_covers_nothing() -> None:
    found = judged(shelf.acknowledged(shelf.yellow(), rule="PAY008"))
    assert sorted(rules(found)) == ["ACK001", "ORG001"]


def test_an_acknowledgement_of_an_acknowledgement_covers_nothing() -> None:
    stray = shelf.acknowledged(shelf.green(), fingerprint="00000000000000aa")
    [complaint] = judged(stray).open
    again = judged(shelf.acknowledged(shelf.green(), rule="ACK001", fingerprint=complaint.fingerprint))
    assert rules(again) == ["ACK001"]
    assert not again.deployable


def test_an_acknowledgement_is_not_stray_while_a_tool_cannot_be_judged() -> None:
    files = shelf.acknowledged(shelf.green(), fingerprint="00000000000000aa", until="2027-01-31")
    broken = {path: text.replace(b"where: {id: input.book}", b"where: {id: input.bok}") for path, text in files.items()}
    found = shelf.checked(broken)
    assert found.partial is not None
    judgement = judge(found.partial, found.problems, today=TODAY)
    assert "ACK001" not in rules(judgement)
    assert not judgement.deployable


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (given(reason="   "), "no reason"),
        (given(reason="..."), "no reason"),
        (given(by=" "), "nobody"),
        (given(until="2027-02-30"), "no day"),
        (given(until="31.01.2027"), "no day"),
        (given(until="20270131"), "no day"),
        (given(until="2026-11-19"), "ended on"),
        (given(until="2027-11-22"), "more than 366 days"),
    ],
    ids=lambda value: getattr(value, "until", value),
)
def test_what_does_not_count_says_why(one: Acknowledgement, says: str) -> None:
    found = objection(one, TODAY)
    assert found is not None
    message, help = found
    assert says in message
    assert help


def test_what_counts_has_no_objection() -> None:
    assert objection(given(), TODAY) is None
    assert objection(given(until="2027-11-21"), TODAY) is None
    assert day("2026-11-20") == TODAY


def test_an_acknowledgement_of_what_only_a_release_before_shows_is_not_stray_without_one() -> None:
    files = shelf.acknowledged(shelf.green(), rule="TYP007", fingerprint="00000000000000aa", until="2027-01-31")
    assert judged(files).deployable
    compared = judge(shelf.typed(files), previous=shelf.typed(shelf.green()), today=TODAY)
    assert rules(compared) == ["ACK001"]


def test_an_entry_that_may_match_another_day_is_left_in_the_list() -> None:
    files = shelf.acknowledged(shelf.green(), rule="TYP007", fingerprint="00000000000000aa", until="2027-01-31")
    path = next(path for path in files if path.endswith("acknowledgements.yaml"))
    entry = files[path].partition(b"\n")[2].replace(b"TYP007", b"PAY008").replace(b"aa", b"bb")
    [stale] = judged({**files, path: files[path] + entry}).open
    assert stale.fix is not None
    assert [(edit.line, edit.end_line, edit.text) for edit in stale.fix.edits] == [(7, 12, "")]
