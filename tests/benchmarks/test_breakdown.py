from __future__ import annotations

import pytest

from benchmarks.caller import Answered
from benchmarks.measures.breakdown import UNNAMED, along

MS = 1_000_000
ANSWERED = Answered(body={}, run="run-1", sent=10 * MS, received=30 * MS)


def test_the_parts_of_a_call_add_up_to_what_its_caller_waited() -> None:
    marks = [("app <", 11 * MS), ("token <", 12 * MS), ("token >", 13 * MS), ("app >", 29 * MS)]
    parts = along(ANSWERED, marks)
    assert sum(parts.values()) == pytest.approx(20)
    assert parts["token check"] == pytest.approx(1)


def test_what_happens_beside_the_way_does_not_cut_it() -> None:
    marks = [("start <", 11 * MS), ("start >", 12 * MS), ("run <", 14 * MS)]
    assert along(ANSWERED, marks)["Temporal: start, first workflow task, the run begins"] == pytest.approx(3)


def test_repeated_statements_count_together_and_apart_from_what_lies_between() -> None:
    marks = [("sql slot <", 11 * MS), ("sql slot >", 12 * MS), ("sql slot <", 14 * MS), ("sql slot >", 15 * MS)]
    parts = along(ANSWERED, marks)
    assert parts["transaction: statement, slot"] == pytest.approx(2)
    assert parts["transaction: the interpreter between the statements"] == pytest.approx(2)


def test_a_way_without_a_name_is_not_lost() -> None:
    assert along(ANSWERED, [("somewhere", 11 * MS)])[UNNAMED] == pytest.approx(20)
