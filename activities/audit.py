"""The activity `audit`: the one row that every run leaves behind."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from temporalio import activity

from activities.faults import reported
from activities.named_sql import statements
from activities.own_tables import PATIENCE_SECONDS, ask
from activities.postgres import Borrowed, Pool
from activities.run_id import RunIdReused
from writ.effects import Audited, AuditRecord, RecordAudit
from writ.engine.replay import effect_digest

_SQL = statements("audit")
_LONGEST_FAILURE = 2_000
# A run has more time than a caller: a pool that is busy for a while is no reason to begin anew.
_RUN_PATIENCE_SECONDS = 8.0


class AuditActivities:
    """Writes audit rows through `pool`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @activity.defn(name="audit")
    async def audit(self, effect: RecordAudit) -> Audited:
        """Write the row; a repeat changes nothing. Retried for as long as it takes: no run ends without its row."""
        with reported():
            await record_audit(self._pool, effect.record, within_seconds=_RUN_PATIENCE_SECONDS)
            return Audited(effect_digest=effect_digest(effect))


async def record_audit(pool: Pool, record: AuditRecord, *, within_seconds: float = PATIENCE_SECONDS) -> None:
    """Write one audit row, once for each `run_id`.

    Failure when that does not succeed within the time, RunIdReused where the row that stands is not of this run or says
    that it ended otherwise.
    """
    await ask(pool, lambda connection: _record(connection, record), within_seconds=within_seconds)


async def _record(connection: Borrowed, record: AuditRecord) -> None:
    if await connection.execute(_SQL["record"], *_columns(record)) == "INSERT 0 1":
        return
    row = await connection.fetchrow(_SQL["stands"], _text(record.run_id))
    if row is not None and tuple(row) != _which(record):
        raise RunIdReused


def _which(record: AuditRecord) -> tuple[str | None, ...]:
    """What tells one run, and its end, from another that was given the same id."""
    return (
        _text(record.app),
        _text(record.tool),
        _text(record.release),
        _text(record.subject),
        record.outcome,
        record.refusal.code if record.refusal else None,
        record.input_digest,
        record.started_at,
    )


def _columns(record: AuditRecord) -> tuple[Any, ...]:
    return (
        _text(record.run_id),
        _text(record.app),
        _text(record.tool),
        _text(record.release),
        _text(record.trigger),
        _text(record.subject),
        [_text(role) for role in record.roles],
        record.outcome,
        record.refusal.code if record.refusal else None,
        _json(record.refusal) if record.refusal else None,
        _text(record.failure)[:_LONGEST_FAILURE] if record.failure is not None else None,
        f"[{','.join(map(_json, record.steps))}]",
        f"[{','.join(map(_json, record.trace))}]",
        json.dumps(record.input),
        record.input_digest,
        record.output_digest,
        record.started_at,
    )


def _json(model: BaseModel) -> str:
    return model.model_dump_json(exclude_defaults=True)


def _text(text: str) -> str:
    """What PostgreSQL can store of a text: the row must stand, whatever a caller put into it."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
