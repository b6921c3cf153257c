"""The books: what each run was answered against each row there is. No difference: nothing lost, nothing doubled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import asyncpg

from writ.digest import digest
from writ.effects import Invocation, Outcome, TransactionAnswer

Row = Mapping[str, Any]
Kind = Literal["lost", "duplicate", "untrue"]

_BOOKINGS = ("book_appointment", "book_for_patient")
_CREATED = {
    "add_practitioner": ("practitioner", "practitioner"),
    "register_patient": ("patient", "patient"),
    "book_appointment": ("appointment", "appointment"),
    "book_for_patient": ("appointment", "appointment"),
    "open_slots": ("slot", "slots"),
}
_CHANGES_AN_APPOINTMENT = ("reschedule_appointment", "cancel_appointment", "keep_appointment")


@dataclass(frozen=True)
class Run:
    """A run that has ended, as its caller saw it."""

    id: str
    invocation: Invocation
    outcome: Outcome

    @property
    def tool(self) -> str:
        return self.invocation.tool

    @property
    def answered(self) -> bool:
        return self.outcome.outcome == "answered"


@dataclass(frozen=True)
class Books:
    """All rows of the database that say what happened."""

    audit: Sequence[Row]
    step: Sequence[Row]
    practitioner: Sequence[Row]
    patient: Sequence[Row]
    slot: Sequence[Row]
    appointment: Sequence[Row]


@dataclass(frozen=True)
class Difference:
    """What does not agree: an effect or row missing, one too many, or one that says something else."""

    kind: Kind
    what: str


async def read_books(owner_url: str) -> Books:
    """The rows as they are now, read at one moment by a role that sees all of them."""
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction(isolation="repeatable_read"):
            tables: dict[str, Any] = {name: await connection.fetch(text) for name, text in _SELECT.items()}
    finally:
        await connection.close()
    return Books(**tables)


_SELECT = {
    "audit": "SELECT run_id, outcome, refusal_code, failure, output_digest, steps, trace FROM writ.audit",
    "step": "SELECT run_id, node, result, created_at FROM writ.step",
    "practitioner": "SELECT id::text, version FROM clinic.practitioner",
    "patient": "SELECT id::text, version FROM clinic.patient",
    "slot": "SELECT id::text, version, state FROM clinic.slot",
    "appointment": "SELECT id::text, version, state, slot::text FROM clinic.appointment",
}


def differences(runs: Sequence[Run], books: Books) -> list[Difference]:
    """Everything that does not agree between what the callers were told and what the books hold."""
    answered = [run for run in runs if run.answered]
    return [
        *_audited(runs, books.audit),
        *_decided(runs, books),
        *_rows_created(answered, books),
        *_versions(answered, books),
        *_slots(books),
    ]


def _audited(runs: Sequence[Run], audit: Sequence[Row]) -> Iterator[Difference]:
    yield from _same((run.id for run in runs), (row["run_id"] for row in audit), "the audit row of {}")
    rows = {row["run_id"]: row for row in audit}
    for run in runs:
        if run.id in rows and _told(run.outcome) != _written(rows[run.id]):
            yield Difference("untrue", f"the audit row of {run.id}: {_written(rows[run.id])}, not {_told(run.outcome)}")


def _told(outcome: Outcome) -> tuple[Any, ...]:
    code = outcome.refusal.code if outcome.refusal else None
    output = digest(outcome.response) if outcome.outcome == "answered" else None
    return outcome.outcome, code, outcome.failure, output


def _written(row: Row) -> tuple[Any, ...]:
    return row["outcome"], row["refusal_code"], row["failure"], row["output_digest"]


def _decided(runs: Sequence[Run], books: Books) -> Iterator[Difference]:
    """Each of the clinic's tools has one transaction: a run that came to it has one stored answer, which is its own."""
    begun = {row["run_id"] for row in books.audit if _began(row)}
    yield from _same(begun, (row["run_id"] for row in books.step), "the transaction of {}")
    told = {run.id: run.outcome for run in runs}
    for row in books.step:
        if row["run_id"] in told and _means(row["result"]) != _told(told[row["run_id"]])[:2]:
            yield Difference("untrue", f"the stored answer of {row['run_id']} says {_means(row['result'])}")


def _began(audit: Row) -> bool:
    return any(
        step["step"] == "start_transaction" and step["outcome"] != "skipped" for step in json.loads(audit["steps"])
    )


def _means(result: str | None) -> tuple[str, str | None] | None:
    if result is None:
        return None
    stored = TransactionAnswer.model_validate_json(result)
    outcome = {"committed": "answered"}.get(stored.outcome, stored.outcome)
    return outcome, stored.refusal.code if stored.refusal else None


def _rows_created(answered: Sequence[Run], books: Books) -> Iterator[Difference]:
    expected: dict[str, list[str]] = {"practitioner": [], "patient": [], "slot": [], "appointment": []}
    for run in answered:
        if run.tool in _CREATED:
            table, name = _CREATED[run.tool]
            told = run.outcome.response[name]
            expected[table] += told if isinstance(told, list) else [told]
    for table, ids in expected.items():
        yield from _same(ids, (row["id"] for row in getattr(books, table)), f"the {table} {{}}")


def _versions(answered: Sequence[Run], books: Books) -> Iterator[Difference]:
    """A row's version says how often it was changed: one more is a change done twice, one less one that is gone."""
    patients = Counter(run.invocation.input["patient"] for run in answered if run.tool == "update_contact")
    appointments = Counter(
        run.invocation.input["appointment"] for run in answered if run.tool in _CHANGES_AN_APPOINTMENT
    )
    changes = {
        "patient": patients,
        "appointment": appointments,
        "slot": _slot_changes(answered, books),
        "practitioner": Counter[str](),
    }
    for table, counted in changes.items():
        for row in getattr(books, table):
            done, told = row["version"] - 1, counted[row["id"]]
            if done != told:
                kind: Kind = "duplicate" if done > told else "lost"
                yield Difference(kind, f"the {table} {row['id']} was changed {done} times, answered were {told}")


def _slot_changes(answered: Sequence[Run], books: Books) -> Counter[str]:
    """How often each slot was taken and freed: an appointment frees every slot it was in but the one it stayed in."""
    traces = {row["run_id"]: {node["node"] for node in json.loads(row["trace"])} for row in books.audit}
    changes: Counter[str] = Counter()
    visits: dict[str, Counter[str]] = {}
    for run in answered:
        slot = run.invocation.input.get("slot")
        if run.tool in _BOOKINGS:
            changes[slot] += "taken" in traces.get(run.id, ())
            visits.setdefault(run.outcome.response["appointment"], Counter())[slot] += 1
        elif run.tool == "reschedule_appointment":
            changes[slot] += 1
            visits.setdefault(run.invocation.input["appointment"], Counter())[slot] += 1
    for row in books.appointment:
        freed = visits.get(row["id"], Counter()) - Counter({row["slot"]: row["state"] in ("booked", "kept")})
        changes.update(freed)
    return changes


def _slots(books: Books) -> Iterator[Difference]:
    booked = Counter(row["slot"] for row in books.appointment if row["state"] == "booked")
    states = {row["id"]: row["state"] for row in books.slot}
    for slot, count in booked.items():
        if count > 1:
            yield Difference("duplicate", f"the slot {slot} is booked {count} times")
        if states.get(slot) != "taken":
            yield Difference("untrue", f"the slot {slot} is booked and `{states.get(slot)}`")


def _same(expected: Iterable[str], found: Iterable[str], what: str) -> Iterator[Difference]:
    wanted, there = Counter(expected), Counter(found)
    for each in sorted((wanted - there).elements()):
        yield Difference("lost", what.format(each))
    for each in sorted((there - wanted).elements()):
        yield Difference("duplicate", what.format(each))
