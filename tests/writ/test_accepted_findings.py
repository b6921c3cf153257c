"""Acknowledgements as an app writes them down."""

from __future__ import annotations

import pytest

from tests.writ.library import edited, library, marked_text, only

ENTRY = "{finding: 4f1c0a9b8d7e6f50, rule: PAY006, reason: Paid by hand., by: anna@example.org, until: 2027-01-31}"
ACCEPTED = f"acknowledgements:\n  - {ENTRY}\n"

MISTAKES = [
    (f"\n  - {ENTRY}", " 5", "wrong-type", "5", "a list"),
    ("4f1c0a9b8d7e6f50", "4f1c", "not-a-fingerprint", "4f1c", "16 characters"),
    ("4f1c0a9b8d7e6f50", "1234", "not-a-fingerprint", "1234", "16 characters"),
    ("4f1c0a9b8d7e6f50", "[a]", "wrong-type", "[a]", "16 characters"),
    ("PAY006", "PAY6", "not-a-rule-id", "PAY6", "`PAY006`"),
    ("reason: Paid by hand., ", "", "missing-key", "finding", "`reason`"),
    ("reason: Paid by hand.", "reason: ''", "out-of-bounds", "'", "at least 1 character"),
    ("by: anna@example.org, ", "", "missing-key", "finding", "`by`"),
    ("2027-01-31", "2027-02-31", "not-a-date", "2027-02-31", "`2027-01-31`"),
    ("2027-01-31", "soon", "not-a-date", "soon", "`2027-01-31`"),
    ("2027-01-31", "2027", "wrong-type", "2027", "`2027-01-31`"),
    ("rule:", "rul:", "unknown-key", "rul", "did you mean `rule`?"),
]


@pytest.mark.parametrize(("old", "new", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_acknowledgement_is_one_problem(old: str, new: str, code: str, underlined: str, words: str) -> None:
    assert old in ACCEPTED
    text = ACCEPTED.replace(old, new, 1)
    problem = only(library(accepted=text))
    assert (problem.code, marked_text(problem, text)) == (code, underlined)
    assert words in problem.message + problem.help


def test_an_acknowledgement_says_what_is_accepted_by_whom_and_until_when() -> None:
    app = library(accepted=ACCEPTED).app
    assert app is not None
    (accepted,) = app.acknowledgements
    assert (accepted.fingerprint, accepted.rule, accepted.until) == ("4f1c0a9b8d7e6f50", "PAY006", "2027-01-31")
    assert (accepted.reason, accepted.by) == ("Paid by hand.", "anna@example.org")
    assert accepted.span.line == 2


@pytest.mark.parametrize("finding", ["1234567890123456", "12345678901234e5", "0000000000000001"])
def test_a_fingerprint_that_looks_like_a_number_is_a_text(finding: str) -> None:
    app = library(accepted=ACCEPTED.replace("4f1c0a9b8d7e6f50", finding)).app
    assert app is not None
    assert app.acknowledgements[0].fingerprint == finding


def test_a_finding_is_acknowledged_once() -> None:
    assert only(library(accepted=f"{ACCEPTED}  - {ENTRY}\n")).code == "duplicate-value"


def test_an_app_has_one_document_of_acknowledgements() -> None:
    problem = only(library(accepted=ACCEPTED, again=ACCEPTED))
    assert (problem.code, problem.message) == ("duplicate-name", "a second document has acknowledgements")


def test_an_app_may_have_none() -> None:
    assert library(accepted="acknowledgements: []\n").problems == ()


@pytest.mark.parametrize("accepted", ["acknowledgements: 5\n", "acknowledgements:\n - [\n", "acknowledgement: {}\n"])
def test_wrong_acknowledgements_hide_no_mistake_elsewhere(accepted: str) -> None:
    lend = edited("lend", "entity: Book", "entity: Bok")
    codes = {problem.code for problem in library(accepted=accepted, lend=lend).problems}
    assert "unknown-entity" in codes
    assert len(codes) == 2
