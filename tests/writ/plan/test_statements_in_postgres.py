from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from activities.postgres import Borrowed, Pool
from embedded.engines import Engines
from tests.unjudged import publish_unjudged, released
from tests.writ.plan.clinic import (
    APPOINTMENT,
    ENTITIES,
    LIMIT,
    NOTE,
    PATIENT,
    PRACTITIONER,
    SLOT,
    app,
    archive,
    booking,
    by_id,
    create,
    everything,
    expr,
    move,
    read,
    tool,
    transaction,
    update,
    where,
)
from tests.writ.plan.test_statements import statements_of
from writ.nodes.typed import TypedNode
from writ.plan.database_nodes import database
from writ.plan.model import Release, Statement, ValueParameter
from writ.values.types import Boolean, Integer, ListOf, Number, Record, Text, Timestamp, Uuid

HOSTILE = "'; DROP TABLE slot; -- $1 %s %% \\ \" \u2028 {x} input.slot 🦉"

NODES: dict[str, TypedNode] = {
    "practitioner": create("practitioner", PRACTITIONER, name=expr("input.reason", Text())),
    "slot": create("slot", SLOT, practitioner=expr("input.id", Uuid()), starts_at=expr("now", Timestamp())),
    "slot_as_asked": create(
        "slot_as_asked",
        SLOT,
        practitioner=expr("input.id", Uuid()),
        starts_at=expr("now", Timestamp()),
        minutes=expr("input.minutes", Integer(), absent=True),
        kind=expr("input.kind", Text(), absent=True),
        rating=expr("input.rating", Number(), absent=True),
    ),
    "slots_as_asked": create(
        "slots_as_asked",
        SLOT,
        over=expr("input.slots", ListOf(element=Record())),
        practitioner=expr("item.id", Uuid()),
        starts_at=expr("item.at", Timestamp()),
        minutes=expr("item.minutes", Integer(), absent=True),
        remote=expr("item.remote", Boolean(), absent=True),
    ),
    "slots": create(
        "slots",
        SLOT,
        over=expr("input.slots", ListOf(element=Record())),
        practitioner=expr("item.id", Uuid()),
        starts_at=expr("item.at", Timestamp()),
    ),
    "patient": create("patient", PATIENT, email=expr("input.reason", Text())),
    "appointment": create(
        "appointment",
        APPOINTMENT,
        patient=expr("input.patient", Uuid()),
        slot=expr("input.slot", Uuid()),
        reason=expr("input.reason", Text()),
    ),
    "note": create("note", NOTE, appointment=expr("input.id", Uuid()), order=expr("input.reason", Text())),
    "patients": read("patients", PATIENT, (), expect="many"),
    "appointments": read("appointments", APPOINTMENT, (), expect="many", lock="update"),
    "notes": read("notes", NOTE, (), expect="many"),
    "notes_by_order": read(
        "notes_by_order", NOTE, (where(NOTE, "order", "equals", expr("input.reason", Text())),), expect="many"
    ),
    "rename": update("rename", PATIENT, by_id(PATIENT, "input.patient"), email=expr("input.reason", Text())),
    "take": move("take", SLOT, by_id(SLOT, "input.slot"), "taken"),
    "cancel": move("cancel", APPOINTMENT, by_id(APPOINTMENT, "input.slot"), "cancelled"),
    "archive": archive("archive", PATIENT, by_id(PATIENT, "input.patient")),
}  # fmt: skip


@dataclass
class Session:
    """Statements by name, run as one caller. Arguments are given in the order of the statement's value parameters."""

    release: Release
    connection: Borrowed
    subject: str
    sees_all: bool

    async def run(self, name: str, *values: object) -> list[asyncpg.Record]:
        return await self.execute(self.statement(name), *values)

    async def execute(self, statement: Statement, *values: object) -> list[asyncpg.Record]:
        return list(await self.connection.fetch(statement.sql, *self._arguments(statement, values)))

    def statement(self, name: str) -> Statement:
        block = self.release.tools["t"].flow[0]
        assert block.kind == "transaction"
        return next(node.statement for node in block.nodes if node.name == name)  # type: ignore[union-attr]

    def _arguments(self, statement: Statement, values: Sequence[object]) -> list[object]:
        given = iter(values)
        known = {"subject": self.subject, "sees_all": self.sees_all}
        known_limit = {LIMIT.source: int(LIMIT.source)}
        return [
            known[it.kind]
            if it.kind in known
            else known_limit[it.value.cel]
            if isinstance(it, ValueParameter) and it.value.cel in known_limit
            else next(given)
            for it in statement.parameters
        ]


@pytest.fixture(scope="module")
async def release(engines: Engines, owner_pool: Pool) -> AsyncIterator[Release]:
    one = replace(
        app(booking(), everything(), tool("t", transaction("a", *NODES.values()))), name=f"c_{uuid4().hex[:12]}"
    )
    found = released(one)
    await publish_unjudged(engines.publish_database_url, one, found)
    yield found
    await owner_pool.execute(f"DROP SCHEMA {found.schema_name} CASCADE")


@pytest.fixture
async def connection(app_pool: Pool) -> AsyncIterator[Borrowed]:
    """One transaction of the application's role, rolled back at the end."""
    async with app_pool.acquire() as connection:
        await connection.execute("BEGIN")
        yield connection
        await connection.execute("ROLLBACK")


@asynccontextmanager
async def refused(connection: Borrowed, error: type[Exception]) -> AsyncIterator[None]:
    """The body fails with `error`, and the transaction goes on as if it had not been."""
    await connection.execute("SAVEPOINT before")
    with pytest.raises(error):
        yield
    await connection.execute("ROLLBACK TO before")


async def caller(
    release: Release, connection: Borrowed, subject: str, *, sees_all: bool = False, row_security: bool = True
) -> Session:
    """With `row_security` off only the statements' own predicates are between the caller and others' rows."""
    on = "on" if sees_all or not row_security else "off"
    await connection.execute(
        "SELECT set_config('writ.subject', $1, true), set_config('writ.sees_all', $2, true)", subject, on
    )
    return Session(release, connection, subject, sees_all)


async def booked(session: Session) -> dict[str, Any]:
    """A patient with an appointment and a note, as the caller's own."""
    practitioner = (await session.run("practitioner", "Dr. Who"))[0]["id"]
    slot = (await session.run("slot", practitioner, "2026-11-20T12:00:00Z"))[0]["id"]
    patient = (await session.run("patient", f"{session.subject}@example.org"))[0]["id"]
    appointment = (await session.run("appointment", patient, slot, "ache"))[0]["id"]
    note = (await session.run("note", appointment, "first"))[0]["id"]
    return {"practitioner": practitioner, "slot": slot, "patient": patient, "appointment": appointment, "note": note}


async def test_postgresql_understands_every_statement(release: Release, connection: Borrowed) -> None:
    for statement in statements_of(release):
        prepared = await connection.prepare(statement.sql)
        assert len(prepared.get_parameters()) == len(statement.parameters)


async def test_a_new_row_has_its_defaults(release: Release, connection: Borrowed) -> None:
    session = await caller(release, connection, "ann")
    practitioner = (await session.run("practitioner", "Dr. Who"))[0]["id"]
    [slot] = await session.run("slot", practitioner, "2026-11-20T12:00:00Z")
    assert (slot["state"], slot["version"], slot["minutes"], slot["kind"], slot["remote"]) == (
        "free",
        1,
        30,
        "first",
        False,
    )
    assert slot["starts_at"] == "2026-11-20T12:00:00Z"
    assert slot["archived_at"] is slot["price_amount"] is None


async def test_many_rows_are_created_in_one_statement(release: Release, connection: Borrowed) -> None:
    session = await caller(release, connection, "ann")
    practitioner = (await session.run("practitioner", "Dr. Who"))[0]["id"]
    rows = [{"practitioner": practitioner, "starts_at": f"2026-11-2{day}T12:00:00Z"} for day in range(3)]
    found = await session.run("slots", json.dumps(rows))
    assert [row["starts_at"] for row in found] == [row["starts_at"] for row in rows]


async def test_an_absent_value_takes_the_default_of_its_field(release: Release, connection: Borrowed) -> None:
    session = await caller(release, connection, "ann")
    practitioner = (await session.run("practitioner", "Dr. Who"))[0]["id"]
    [absent] = await session.run("slot_as_asked", practitioner, "2026-11-20T12:00:00Z", None, None, None)
    [given] = await session.run("slot_as_asked", practitioner, "2026-11-21T12:00:00Z", 45, 0.5, "follow_up")
    assert (absent["minutes"], absent["kind"], absent["rating"]) == (30, "first", None)
    assert (given["minutes"], given["kind"], given["rating"]) == (45, "follow_up", 0.5)


async def test_absent_values_of_many_rows_take_the_default_too(release: Release, connection: Borrowed) -> None:
    session = await caller(release, connection, "ann")
    practitioner = (await session.run("practitioner", "Dr. Who"))[0]["id"]
    rows = [{"practitioner": practitioner, "starts_at": f"2026-11-2{day}T12:00:00Z"} for day in range(2)]
    asked = [{**rows[0], "minutes": None, "remote": None}, {**rows[1], "minutes": 45, "remote": True}]
    found = await session.run("slots_as_asked", json.dumps(asked))
    assert [(row["minutes"], row["remote"]) for row in found] == [(30, False), (45, True)]


async def test_hostile_text_is_plain_data(release: Release, connection: Borrowed) -> None:
    session = await caller(release, connection, HOSTILE)
    ids = await booked(session)
    [renamed] = await session.run("rename", HOSTILE, ids["patient"])
    assert (renamed["email"], renamed["subject"]) == (HOSTILE, HOSTILE)
    await session.run("note", ids["appointment"], HOSTILE)
    assert [row["order"] for row in await session.run("notes_by_order", HOSTILE)] == [HOSTILE]
    assert await session.run("notes_by_order", "' OR true --") == []


async def test_a_change_returns_the_row_before_and_after(release: Release, connection: Borrowed) -> None:
    session = await caller(release, connection, "ann")
    ids = await booked(session)
    [row] = await session.run("rename", "new@example.org", ids["patient"])
    assert (row["old_email"], row["email"]) == ("ann@example.org", "new@example.org")
    assert (row["old_version"], row["version"]) == (1, 2)


async def test_a_transition_happens_from_the_right_state_only(release: Release, connection: Borrowed) -> None:
    session = await caller(release, connection, "ann")
    ids = await booked(session)
    [row] = await session.run("take", ids["slot"])
    assert (row["old_state"], row["state"]) == ("free", "taken")
    assert await session.run("take", ids["slot"]) == []


async def test_an_archived_row_is_gone_but_still_owns(release: Release, connection: Borrowed) -> None:
    session = await caller(release, connection, "ann")
    ids = await booked(session)
    [row] = await session.run("archive", ids["patient"])
    assert row["archived_at"] is not None
    assert await session.run("patients") == []
    assert [row["id"] for row in await session.run("appointments")] == [ids["appointment"]]
    assert await session.run("patient", "again@example.org")


@pytest.mark.parametrize("row_security", [True, False], ids=["with row-level security", "by the statements alone"])
async def test_nobody_sees_or_changes_anothers_rows(release: Release, connection: Borrowed, row_security: bool) -> None:
    ids = await booked(await caller(release, connection, "ann"))
    stranger = await caller(release, connection, "bob", row_security=row_security)
    for name in ("patients", "appointments", "notes"):
        assert await stranger.run(name) == []
    assert await stranger.run("rename", "mine@example.org", ids["patient"]) == []
    assert await stranger.run("cancel", ids["appointment"]) == []
    assert await stranger.run("archive", ids["patient"]) == []


async def test_whoever_may_see_all_rows_does(release: Release, connection: Borrowed) -> None:
    ids = await booked(await caller(release, connection, "ann"))
    reception = await caller(release, connection, "desk", sees_all=True)
    assert [row["id"] for row in await reception.run("notes")] == [ids["note"]]
    assert len(await reception.run("rename", "new@example.org", ids["patient"])) == 1


async def test_an_own_row_cannot_be_given_away(release: Release, connection: Borrowed) -> None:
    session = await caller(release, connection, "ann")
    ids = await booked(session)
    node = update("give", PATIENT, by_id(PATIENT, "input.patient"), subject=expr("input.reason", Text()))
    give = database(release.schema_name, ENTITIES).update(node)
    assert await session.execute(give, "bob", ids["patient"]) == []


@pytest.mark.parametrize("table", ["patient", "appointment", "appointment_note"])
async def test_row_security_stands_without_any_predicate(release: Release, connection: Borrowed, table: str) -> None:
    await booked(await caller(release, connection, "ann"))
    count = f"SELECT count(*) FROM {release.schema_name}.{table}"
    assert await connection.fetchval(count) == 1
    for nobody in ("bob", ""):
        await caller(release, connection, nobody)
        assert await connection.fetchval(count) == 0
    await connection.execute("RESET writ.subject; RESET writ.sees_all")
    assert await connection.fetchval(count) == 0


async def test_nobody_writes_rows_for_another(release: Release, connection: Borrowed) -> None:
    ids = await booked(await caller(release, connection, "ann"))
    schema = release.schema_name
    await caller(release, connection, "bob")
    async with refused(connection, asyncpg.InsufficientPrivilegeError):
        await connection.execute(f"INSERT INTO {schema}.patient (subject, email) VALUES ('ann', 'x')")
    async with refused(connection, asyncpg.InsufficientPrivilegeError):
        await connection.execute(
            f"INSERT INTO {schema}.appointment (patient, slot) VALUES ($1, $2)", ids["patient"], ids["slot"]
        )
    async with refused(connection, asyncpg.InsufficientPrivilegeError):
        await connection.execute(
            f"INSERT INTO {schema}.appointment_note (appointment, \"order\") VALUES ($1, '')", ids["appointment"]
        )


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {}.slot",
        "TRUNCATE {}.slot",
        "DROP TABLE {}.slot",
        "ALTER TABLE {}.slot DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE {}.mine ()",
    ],
)
async def test_the_application_may_neither_delete_nor_define(
    release: Release, connection: Borrowed, statement: str
) -> None:
    async with refused(connection, asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement.format(release.schema_name))


async def test_row_security_holds_for_the_owner_of_the_tables_too(release: Release, owner_pool: Pool) -> None:
    async with owner_pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT set_config('writ.sees_all', 'on', true)")
        await connection.execute(f"INSERT INTO {release.schema_name}.patient (subject, email) VALUES ('eve', 'x')")
        await connection.execute("SELECT set_config('writ.sees_all', 'off', true)")
        assert await connection.fetchval(f"SELECT count(*) FROM {release.schema_name}.patient") == 0
        await connection.execute("SELECT set_config('writ.sees_all', 'on', true)")
        await connection.execute(f"DELETE FROM {release.schema_name}.patient")


async def test_an_invariant_counts_the_rows_of_all_owners(release: Release, connection: Borrowed) -> None:
    ids = await booked(await caller(release, connection, "ann"))
    await caller(release, connection, "bob", sees_all=True)
    [invariant] = release.entities["Appointment"].invariants
    assert invariant.kind == "aggregate"
    assert await connection.fetchval(invariant.statement.sql, ids["slot"], "booked") == 1
    assert [row["id"] for row in await connection.fetch(invariant.affected.sql, ids["slot"])] == [ids["appointment"]]
