"""A clinic with enough patients and free slots: every booking takes one slot, and a patient may hold few of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import count

import asyncpg

from api.development_token import mint_from
from settings import Settings

BOOKINGS_OF_A_PATIENT = 5

_SLOTS = """
INSERT INTO clinic.slot (practitioner, starts_at, minutes)
SELECT $1, timestamptz '2099-01-01' + number * interval '1 hour', 30 FROM generate_series(1, $2) AS number
RETURNING id::text
"""
_PATIENTS = """
INSERT INTO clinic.patient (account, name, email, born)
SELECT 'patient-' || number, 'Patient ' || number, number || '@example.org', '1990-04-01'
FROM generate_series(1, $1) AS number
RETURNING account
"""
_PRACTITIONER = "INSERT INTO clinic.practitioner (name, speciality) VALUES ('Benchmark', 'general') RETURNING id"


@dataclass(frozen=True, slots=True)
class Wish:
    """A booking to be made: who wants which slot."""

    token: str
    slot: str

    @property
    def body(self) -> dict[str, str]:
        """The request."""
        return {"slot": self.slot, "reason": "A cough that stays."}


class Diary:
    """Hands out wishes, each once, to any thread."""

    def __init__(self, settings: Settings, accounts: list[str], slots: list[str]) -> None:
        self._tokens = [mint_from(settings, account, ["patient"]) for account in accounts]
        self._slots = slots
        self._next = count()

    def wish(self) -> Wish:
        """The next booking; IndexError when the diary is full."""
        number = next(self._next)
        return Wish(self._tokens[number // BOOKINGS_OF_A_PATIENT], self._slots[number])


def filled(superuser_url: str, settings: Settings, bookings: int) -> Diary:
    """A diary with room for so many bookings."""
    return asyncio.run(_filled(superuser_url, settings, bookings))


async def _filled(url: str, settings: Settings, bookings: int) -> Diary:
    connection = await asyncpg.connect(url)
    try:
        practitioner = await connection.fetchval(_PRACTITIONER)
        slots = [row["id"] for row in await connection.fetch(_SLOTS, practitioner, bookings)]
        patients = await connection.fetch(_PATIENTS, bookings // BOOKINGS_OF_A_PATIENT + 1)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    return Diary(settings, [row["account"] for row in patients], slots)
