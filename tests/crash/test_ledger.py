"""The books can be trusted with "nothing lost, nothing doubled" only if they see it: every kind of it, planted here."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.clinic import invocation
from tests.crash.ledger import Books, Difference, Run, differences
from writ.digest import digest
from writ.effects import Outcome, Refusal

SLOT, OTHER_SLOT, APPOINTMENT = "slot-1", "slot-2", "appointment-1"
NOT_FREE = Refusal(code="slot_not_free", status=409, message="The slot is not free.", source="slot_is_free")


def run(number: int, tool: str, given: dict[str, Any], response: Any = None, refusal: Refusal | None = None) -> Run:
    outcome = Outcome(outcome="refused" if refusal else "answered", response=response, refusal=refusal)
    return Run(f"run-{number}", invocation(tool, given, "ann", "patient"), outcome)


def audit(run: Run, *trace: str) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "outcome": run.outcome.outcome,
        "refusal_code": run.outcome.refusal.code if run.outcome.refusal else None,
        "failure": None,
        "output_digest": digest(run.outcome.response) if run.answered else None,
        "steps": json.dumps([{"step": "start_transaction", "outcome": "passed"}]),
        "trace": json.dumps([{"node": node} for node in trace]),
    }


def step(run: Run) -> dict[str, Any]:
    decided: dict[str, Any] = {"steps": [], "trace": [], "effect_digest": ""}
    if run.answered:
        decided |= {"outcome": "committed"}
    elif run.outcome.refusal is not None:
        decided |= {"outcome": "refused", "refusal": run.outcome.refusal.model_dump()}
    return {"run_id": run.id, "node": "n", "result": json.dumps(decided)}


OPENED = run(1, "open_slots", {"practitioner": "p", "slots": []}, {"opened": 2, "slots": [SLOT, OTHER_SLOT]})
BOOKED = run(2, "book_appointment", {"slot": SLOT}, {"appointment": APPOINTMENT, "starts_at": "t"})
NO_MORE = run(3, "book_appointment", {"slot": SLOT}, refusal=NOT_FREE)
MOVED = run(4, "reschedule_appointment", {"appointment": APPOINTMENT, "slot": OTHER_SLOT}, {"appointment": APPOINTMENT})
RUNS = (OPENED, BOOKED, NO_MORE, MOVED)
BOOKS = Books(
    audit=[audit(OPENED), audit(BOOKED, "taken"), audit(NO_MORE), audit(MOVED, "freed", "taken")],
    step=[step(each) for each in RUNS],
    practitioner=[],
    patient=[],
    slot=[{"id": SLOT, "version": 3, "state": "free"}, {"id": OTHER_SLOT, "version": 2, "state": "taken"}],
    appointment=[{"id": APPOINTMENT, "version": 2, "state": "booked", "slot": OTHER_SLOT}],
)


def changed(table: str, number: int, **values: Any) -> Books:
    rows = list(getattr(BOOKS, table))
    rows[number] = {**rows[number], **values}
    return replace(BOOKS, **{table: rows})


def repeated(table: str, **values: Any) -> Books:
    rows = getattr(BOOKS, table)
    return replace(BOOKS, **{table: [*rows, {**rows[-1], **values}]})


def without(table: str) -> Books:
    return replace(BOOKS, **{table: getattr(BOOKS, table)[:-1]})


def test_books_that_agree_show_nothing() -> None:
    assert differences(RUNS, BOOKS) == []


@pytest.mark.parametrize(
    ("books", "kind", "what"),
    [
        (repeated("appointment", id="appointment-2", state="cancelled"), "duplicate", "the appointment appointment-2"),
        (repeated("appointment", id="appointment-2"), "duplicate", "the slot slot-2 is booked 2 times"),
        (repeated("slot", id="slot-3", version=1), "duplicate", "the slot slot-3"),
        (repeated("audit"), "duplicate", "the audit row of run-4"),
        (repeated("audit", run_id="run-5"), "duplicate", "the audit row of run-5"),
        (repeated("step"), "duplicate", "the transaction of run-4"),
        (changed("slot", 0, version=4), "duplicate", "the slot slot-1 was changed 3 times, answered were 2"),
        (changed("appointment", 0, version=3), "duplicate", "the appointment appointment-1 was changed 2 times"),
        (changed("slot", 0, version=2), "lost", "the slot slot-1 was changed 1 times, answered were 2"),
        (changed("appointment", 0, version=1), "lost", "the appointment appointment-1 was changed 0 times"),
        (without("appointment"), "lost", "the appointment appointment-1"),
        (without("audit"), "lost", "the audit row of run-4"),
        (without("step"), "lost", "the transaction of run-4"),
        (changed("audit", 1, outcome="failed"), "untrue", "the audit row of run-2"),
        (changed("audit", 1, output_digest="sha256:0"), "untrue", "the audit row of run-2"),
        (changed("audit", 2, refusal_code="forbidden"), "untrue", "the audit row of run-3"),
        (changed("step", 2, result=BOOKS.step[0]["result"]), "untrue", "the stored answer of run-3"),
        (changed("step", 1, result=None), "untrue", "the stored answer of run-2"),
        (changed("slot", 1, state="free"), "untrue", "the slot slot-2 is booked and `free`"),
    ],
)
def test_what_is_planted_is_found(books: Books, kind: str, what: str) -> None:
    found = differences(RUNS, books)
    assert any(each.kind == kind and each.what.startswith(what) for each in found), found


def test_a_run_nobody_heard_of_is_found() -> None:
    found = differences(RUNS[:-1], BOOKS)
    assert Difference("duplicate", "the audit row of run-4") in found
