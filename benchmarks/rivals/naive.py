"""The activities of the naive booking: one statement each, committed at once; nothing holds over two of them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from activities.postgres import Pool
from benchmarks.booking_sql import BookingSql
from benchmarks.rivals.audit_by_hand import record_by_hand
from benchmarks.rivals.booking_api import Book
from benchmarks.rivals.messages import Asked, Booking, Ended, FoundSlot, Result
from benchmarks.rivals.naive_workflow import NaiveBooking

_WHO = "SELECT set_config('writ.subject', $1, true), set_config('writ.sees_all', 'off', true)"


class Activities:
    """Everything that touches PostgreSQL."""

    def __init__(self, pool: Pool, sql: BookingSql) -> None:
        self._pool = pool
        self._sql = sql

    async def _row(self, subject: str, sql: str, *arguments: Any) -> Any:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_WHO, subject)
            return await connection.fetchrow(sql, *arguments)

    @activity.defn(name="read_patient")
    async def read_patient(self, asked: Asked) -> str | None:
        """The id of the patient."""
        row = await self._row(asked.subject, self._sql.patient, asked.subject, "active", False, asked.subject)
        return None if row is None else str(row["id"])

    @activity.defn(name="read_slot")
    async def read_slot(self, asked: Asked) -> FoundSlot | None:
        """The slot."""
        row = await self._row(asked.subject, self._sql.slot, asked.slot)
        return None if row is None else FoundSlot(row["id"], row["state"], row["starts_at"])

    @activity.defn(name="take_slot")
    async def take_slot(self, asked: Asked) -> None:
        """Move the slot to taken."""
        await self._row(asked.subject, self._sql.taken, asked.slot)

    @activity.defn(name="create_appointment")
    async def create_appointment(self, asked: Asked) -> str:
        """Create the appointment; its id."""
        row = await self._row(asked.subject, self._sql.appointment, asked.patient, asked.slot, asked.reason)
        return str(row["id"])

    @activity.defn(name="naive_record")
    async def record(self, ended: Ended) -> None:
        """Write the audit row."""
        await record_by_hand(self._pool, ended, "naive")


def make_worker(client: Client, task_queue: str, pool: Pool, sql: BookingSql) -> Worker:
    """A worker with the options it comes with."""
    its = Activities(pool, sql)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[NaiveBooking],
        activities=[its.read_patient, its.read_slot, its.take_slot, its.create_appointment, its.record],
    )


def booker(client: Client, task_queue: str) -> Book:
    """Starts a workflow for each booking and waits for it."""

    async def book(booking: Booking) -> Result:
        return await client.execute_workflow(NaiveBooking.run, booking, id=str(uuid4()), task_queue=task_queue)

    return book
