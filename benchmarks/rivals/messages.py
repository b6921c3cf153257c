"""What the hand-written workflows are given and give back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Booking:
    """Who wants which slot."""

    subject: str
    roles: list[str]
    slot: str
    reason: str | None


@dataclass(frozen=True)
class Result:
    """The appointment, or the code of the refusal."""

    appointment: str | None = None
    starts_at: str | None = None
    refusal: str | None = None


@dataclass(frozen=True)
class Ended:
    """A run that is over, for its audit row."""

    run: str
    started_at: str
    booking: Booking
    result: Result


@dataclass(frozen=True)
class Asked:
    """One step of the naive workflow: the ids it needs."""

    subject: str
    slot: str = ""
    patient: str = ""
    reason: str | None = None


@dataclass(frozen=True)
class FoundSlot:
    """A slot as the naive workflow reads it."""

    id: str
    state: str
    starts_at: str
