"""The booking as a good engineer writes it for Temporal: one local activity for the transaction, one for the audit row.

The same statements in the same transaction as Writ's, without the claim of (run, node) and the stored answer: after a
crash between the commit and the end of the workflow task, this one finds its own booking and refuses.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from uuid import uuid4

import asyncpg
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.postgres import Borrowed, Pool
from benchmarks.booking_sql import BookingSql
from benchmarks.rivals.audit_by_hand import record_by_hand
from benchmarks.rivals.booking_api import Book
from benchmarks.rivals.messages import Booking, Ended, Result

_TIMEOUT = timedelta(seconds=10)
_ATTEMPTS = 10
_WHO = (
    "SELECT set_config('writ.subject', $1, true), set_config('writ.sees_all', 'off', true),"
    " set_config('statement_timeout', '2000', true), set_config('lock_timeout', '2000', true),"
    " set_config('transaction_timeout', '5000', true)"
)
_SEE_ALL = "SELECT set_config('writ.sees_all', 'on', true)"


class _No(Exception):
    pass


class Activities:
    """Everything that touches PostgreSQL."""

    def __init__(self, pool: Pool, sql: BookingSql) -> None:
        self._pool = pool
        self._sql = sql

    @activity.defn(name="book")
    async def book(self, booking: Booking) -> Result:
        """Book, again while others are in the way."""
        for attempt in range(_ATTEMPTS):
            try:
                return await self._transaction(booking)
            except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError):
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    async def _transaction(self, booking: Booking) -> Result:
        async with self._pool.acquire() as connection:
            await connection.execute("BEGIN ISOLATION LEVEL SERIALIZABLE")
            try:
                result = await self._statements(connection, booking)
                await connection.execute("COMMIT")
                return result
            except _No as no:
                await connection.execute("ROLLBACK")
                return Result(refusal=str(no))
            except BaseException:
                await connection.execute("ROLLBACK")
                raise

    async def _statements(self, connection: Borrowed, booking: Booking) -> Result:
        sql = self._sql
        await connection.execute(_WHO, booking.subject)
        patient = await connection.fetchrow(sql.patient, booking.subject, "active", False, booking.subject)
        if patient is None:
            raise _No("not_registered")
        slot = await connection.fetchrow(sql.slot, booking.slot)
        if slot is None or slot["state"] != "free":
            raise _No("slot_not_free")
        if not await connection.fetch(sql.taken, slot["id"]):
            raise _No("slot_not_free")
        made = await connection.fetchrow(sql.appointment, patient["id"], slot["id"], booking.reason)
        assert made is not None
        await connection.execute(_SEE_ALL)
        if await connection.fetchval(sql.few_bookings_per_patient, patient["id"], "booked") > 5:
            raise _No("few_bookings_per_patient")
        if await connection.fetchval(sql.one_booking_per_slot, slot["id"], "booked") > 1:
            raise _No("one_booking_per_slot")
        return Result(appointment=made["id"], starts_at=slot["starts_at"])

    @activity.defn(name="record")
    async def record(self, ended: Ended) -> None:
        """Write the audit row."""
        await record_by_hand(self._pool, ended, "handwritten")


@workflow.defn(name="handwritten.book_appointment")
class BookAppointment:
    """One booking."""

    @workflow.run
    async def run(self, booking: Booking) -> Result:
        """Book, and leave an audit row."""
        result: Result = await workflow.execute_local_activity(
            "book", booking, result_type=Result, start_to_close_timeout=_TIMEOUT
        )
        info = workflow.info()
        ended = Ended(info.workflow_id, info.workflow_start_time.astimezone(UTC).isoformat(), booking, result)
        await workflow.execute_local_activity("record", ended, start_to_close_timeout=_TIMEOUT)
        return result


@workflow.defn(name="handwritten.empty")
class Empty:
    """Nothing: what one workflow costs at least."""

    @workflow.run
    async def run(self) -> None:
        """Do nothing."""


def make_worker(client: Client, task_queue: str, pool: Pool, sql: BookingSql) -> Worker:
    """A worker with the options of Writ's own."""
    activities = Activities(pool, sql)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[BookAppointment, Empty],
        activities=[activities.book, activities.record],
        workflow_runner=UnsandboxedWorkflowRunner(),
        no_remote_activities=True,
    )


def booker(client: Client, task_queue: str) -> Book:
    """Starts a workflow for each booking, eagerly, and waits for it."""

    async def book(booking: Booking) -> Result:
        return await client.execute_workflow(
            BookAppointment.run, booking, id=str(uuid4()), task_queue=task_queue, request_eager_start=True
        )

    return book


async def run_empty(client: Client, task_queue: str) -> None:
    """One empty workflow, started eagerly, to its end."""
    await client.execute_workflow(Empty.run, id=str(uuid4()), task_queue=task_queue, request_eager_start=True)
