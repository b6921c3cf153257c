"""The audit row, written by hand with the same statement as Writ's."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from activities.named_sql import statements
from activities.postgres import Pool
from benchmarks.rivals.messages import Ended

_RECORD = statements("audit")["record"]


async def record_by_hand(pool: Pool, ended: Ended, release: str) -> None:
    """Write the row."""
    booking, result = ended.booking, ended.result
    given = json.dumps({"slot": booking.slot, "reason": booking.reason}, sort_keys=True)
    answer = json.dumps({"appointment": result.appointment, "starts_at": result.starts_at}, sort_keys=True)
    row: list[Any] = [ended.run, "clinic", "book_appointment", release, "http", booking.subject, booking.roles]
    row += ["answered" if result.refusal is None else "refused", result.refusal]
    row += [None if result.refusal is None else json.dumps({"code": result.refusal}), None, "[]", "[]", given]
    row += [_digest(given), _digest(answer), ended.started_at]
    await pool.execute(_RECORD, *row)


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
