"""The guide: makes the calls of the tour as different people, shows them, and looks into the database."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from activities.postgres import Pool
from api.development_token import mint
from cli.tour.show import Show
from cli.tour.stage import Stage


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who calls."""

    subject: str
    roles: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.subject} ({', '.join(self.roles)})"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said."""

    status: int
    content: Any
    run: str


RECEPTION = Person("rosa", ("reception",))
MINA = Person("mina", ("patient",))
OTTO = Person("otto", ("patient",))
SUSPENDED = Person("sven", ("patient", "suspended"))
CROWD = tuple(Person(f"guest-{number:02}", ("patient",)) for number in range(1, 21))


@dataclass
class Guide:
    """What the steps share. `found`: ids from earlier steps, by name."""

    stage: Stage
    show: Show
    http: httpx.AsyncClient
    database: Pool
    found: dict[str, str] = field(default_factory=dict)

    async def call(
        self, who: Person, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One call, shown with its answer."""
        self.show.request(method, path, str(who), headers or {}, body)
        began = time.perf_counter()
        answer = await self.quietly(who, method, path, body, headers=headers)
        self.show.answer(answer.status, answer.content, (time.perf_counter() - began) * 1000)
        return answer

    async def quietly(
        self, who: Person, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One call, not shown."""
        sent = {**(headers or {}), "Authorization": f"Bearer {self._token(who)}"}
        response = await self.http.request(method, path, json=body, headers=sent)
        return Answer(response.status_code, response.json(), response.headers.get("Writ-Run", ""))

    async def count(self, question: str, *arguments: Any) -> int:
        """A number from the database, seen as the superuser sees it: all rows, whoever they belong to."""
        found: int = await self.database.fetchval(question, *arguments)
        return found

    async def audited(self, *runs: str) -> int:
        """How many audit rows there are for these runs."""
        return await self.count("SELECT count(*) FROM writ.audit WHERE run_id = ANY($1::text[])", list(runs))

    async def bookings(self, slot: str) -> int:
        """How many booked appointments a slot has."""
        return await self.count(
            "SELECT count(*) FROM clinic.appointment WHERE slot = $1::uuid AND state = 'booked'", slot
        )

    def expect(self, what: str, answer: Answer, status: int, code: str | None = None) -> None:
        """Make sure of an answer."""
        said = answer.content.get("code") if isinstance(answer.content, dict) else None
        self.show.sure(what, answer.status == status and (code is None or said == code))

    def _token(self, who: Person) -> str:
        return mint(
            secret=self.stage.key,
            issuer="writ",
            audience="writ",
            subject=who.subject,
            roles=who.roles,
            lifetime=timedelta(minutes=10),
        )
