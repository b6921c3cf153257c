# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.library import edited, library, mistake

FEW = """\
  few:
    count: {entity: Loan, where: {reader: this.reader}}
    that: count <= 5
    message: At most five."""
COUNT = "count: {entity: Loan, where: {reader: this.reader}}"
SUM = "sum: {entity: Loan, where: {reader: this.reader}, of: days}"

MISTAKES = [
    ("few: {that: this.days, message: x}", "expression-type", "this.days"),
    ("few: {that: this.dais > 1, message: x}", "unknown-field", "dais"),
    ("few: {that: count <= 5, message: x}", "unknown-name", "count"),
    ("few: {that: this.until > '2030-01-01', message: x}", "optional-without-has", "this.until"),
    ("few: {that: now == this.created_at, message: x}", "unknown-name", "now"),
    ("few: {that: 'true', message: ''}", "out-of-bounds", "'"),
    ("forbidden: {that: 'true', message: x}", "reserved-name", "forbidden"),
    ("out: {that: 'true', message: x}", "reserved-name", "out"),
    ("no_late: {that: 'true', message: x}", "reserved-name", "no_late"),
    (f"few: {{{COUNT}, {SUM}, that: sum < 1, message: x}}", "misplaced-key", "sum"),
    (f"few: {{{COUNT}, that: this.days < 9, message: x}}", "unused-figure", "this.days < 9"),
    ("few: {count: {entity: Lon, where: {}}, that: count < 1, message: x}", "unknown-entity", "Lon"),
    ("few: {count: {entity: Loan, where: {}, of: days}, that: count < 1, message: x}", "misplaced-key", "days"),
    ("few: {count: {entity: Loan, where: {until: this.until}}, that: count < 1, message: x}", "optional-without-has", "this.until"),
    ("few: {sum: {entity: Loan, where: {}}, that: sum < 1, message: x}", "missing-key", "entity"),
    ("few: {sum: {entity: Loan, where: {}, of: until}, that: sum < 1, message: x}", "expression-type", "until"),
    ("few: {sum: {entity: Loan, where: {}, of: dais}, that: sum < 1, message: x}", "unknown-field", "dais"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined"), MISTAKES)
def test_a_wrong_invariant_is_one_problem(written: str, code: str, underlined: str) -> None:
    assert mistake("loan", FEW, "  " + written)[:2] == (code, underlined)


@pytest.mark.parametrize(
    "written", [f"few: {{{SUM}, that: sum <= 60, message: x}}", "few: {that: 'this.days > 1', message: x}"]
)
def test_sums_and_plain_conditions_are_taken(written: str) -> None:
    assert library(loan=edited("loan", FEW, "  " + written)).problems == ()
