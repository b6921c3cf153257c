"""The statements of `clinic.book_appointment` as the compiler made them, for whoever does the same by other means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.checked_spec import check_folder
from writ.nodes.typed import TypedApp
from writ.plan.model import AggregateInvariant, Release, TransactionPlan

ROOT = Path(__file__).resolve().parent.parent
CLINIC = Path("specs/clinic")
APP = "clinic"
TOOL = "book_appointment"


def clinic() -> tuple[TypedApp, Release]:
    """The example app, checked and compiled."""
    return check_folder(ROOT / CLINIC).require()


def booking_plan(release: Release) -> TransactionPlan:
    """The one transaction of a booking."""
    [plan] = [node for node in release.tools[TOOL].flow if isinstance(node, TransactionPlan)]
    return plan


@dataclass(frozen=True, slots=True)
class BookingSql:
    """Each statement is called after its node or its invariant."""

    patient: str
    slot: str
    taken: str
    appointment: str
    few_bookings_per_patient: str
    one_booking_per_slot: str


def booking_sql(release: Release) -> BookingSql:
    """The statements of a booking in `release`."""
    nodes: Mapping[str, str] = {
        node.name: node.statement.sql
        for node in booking_plan(release).nodes
        if node.kind in ("read", "transition", "create") and node.statement is not None
    }
    figures = {each.name: each.statement.sql for each in _aggregates(release)}
    return BookingSql(**nodes, **figures)


def names_of_statements(release: Release) -> dict[str, str]:
    """What each statement of a booking is for, by its text."""
    found = {sql: name for name, sql in _of_nodes(release)}
    for invariant in _aggregates(release):
        found[invariant.affected.sql] = f"{invariant.name} (rows concerned)"
        found[invariant.statement.sql] = invariant.name
    return found


def _of_nodes(release: Release) -> list[tuple[str, str]]:
    sql = booking_sql(release)
    return [(name, getattr(sql, name)) for name in ("patient", "slot", "taken", "appointment")]


def _aggregates(release: Release) -> list[AggregateInvariant]:
    invariants = release.entities["Appointment"].invariants
    return [each for each in invariants if isinstance(each, AggregateInvariant)]
