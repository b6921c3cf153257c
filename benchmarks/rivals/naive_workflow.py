"""The booking as a first version often looks: every step an activity of its own, in Temporal's sandbox."""

from __future__ import annotations

from datetime import UTC, timedelta

from temporalio import workflow

from benchmarks.rivals.messages import Asked, Booking, Ended, FoundSlot, Result

_TIMEOUT = timedelta(seconds=10)


@workflow.defn(name="naive.book_appointment")
class NaiveBooking:
    """One booking."""

    @workflow.run
    async def run(self, booking: Booking) -> Result:
        """Book, and leave an audit row."""
        result = await self._book(booking)
        info = workflow.info()
        ended = Ended(info.workflow_id, info.workflow_start_time.astimezone(UTC).isoformat(), booking, result)
        await workflow.execute_activity("naive_record", ended, start_to_close_timeout=_TIMEOUT)
        return result

    async def _book(self, booking: Booking) -> Result:
        patient: str | None = await workflow.execute_activity(
            "read_patient", Asked(booking.subject), result_type=str, start_to_close_timeout=_TIMEOUT
        )
        if patient is None:
            return Result(refusal="not_registered")
        asked = Asked(booking.subject, booking.slot, patient, booking.reason)
        slot: FoundSlot | None = await workflow.execute_activity(
            "read_slot", asked, result_type=FoundSlot, start_to_close_timeout=_TIMEOUT
        )
        if slot is None or slot.state != "free":
            return Result(refusal="slot_not_free")
        await workflow.execute_activity("take_slot", asked, start_to_close_timeout=_TIMEOUT)
        made: str = await workflow.execute_activity(
            "create_appointment", asked, result_type=str, start_to_close_timeout=_TIMEOUT
        )
        return Result(appointment=made, starts_at=slot.starts_at)
