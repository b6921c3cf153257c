"""Runs that have ended, as their audit rows tell of them, for the API and the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import asyncpg

from activities.named_sql import statements
from activities.own_tables import ask
from activities.postgres import Pool
from writ.effects import AuditRecord

_SQL = statements("runs")
_AS_THEY_ARE = (
    "run_id", "app", "tool", "release", "trigger", "subject", "roles", "started_at", "outcome", "failure",
    "input_digest", "output_digest",
)  # fmt: skip
_AS_JSON = ("refusal", "steps", "trace", "input")


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run that has ended, or a call refused at the door. `recorded_at`: when its row was written (RFC 3339, UTC)."""

    record: AuditRecord
    recorded_at: str


async def find(pool: Pool, run: str) -> RecordedRun | None:
    """The run with this id, None where no row tells of it (yet); Failure when that cannot be told."""
    rows = await _fetch(pool, "find", run)
    return _recorded(rows[0]) if rows else None


async def recent(
    pool: Pool,
    *,
    app: str | None = None,
    tool: str | None = None,
    outcome: str | None = None,
    subject: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> list[RecordedRun]:
    """The latest runs, newest first, as far as they fit every condition; `before` is a moment (RFC 3339)."""
    rows = await _fetch(pool, "recent", app, tool, outcome, subject, before, limit)
    return [_recorded(row) for row in rows]


async def reach(pool: Pool) -> None:
    """Failure where PostgreSQL does not answer."""
    await _fetch(pool, "reach")


async def _fetch(pool: Pool, statement: str, *arguments: Any) -> list[asyncpg.Record]:
    return await ask(pool, lambda connection: connection.fetch(_SQL[statement], *arguments))


def _recorded(row: asyncpg.Record) -> RecordedRun:
    values: dict[str, Any] = {name: row[name] for name in _AS_THEY_ARE}
    values |= {name: None if row[name] is None else json.loads(row[name]) for name in _AS_JSON}
    return RecordedRun(AuditRecord.model_validate(values), row["recorded_at"])
