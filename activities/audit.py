"""The activity `audit`: the one row that every run leaves behind."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from temporalio import activity

from activities.faults import reported
from activities.named_sql import statements
from activities.postgres import Pool
from activities.postgres_errors import translated
from writ.effects import Audited, AuditRecord, Failure, RecordAudit
from writ.engine.replay import effect_digest
from writ.refusals import Refused

_SQL = statements("audit")
_LONGEST_FAILURE = 2_000


class AuditActivities:
    """Writes audit rows through `pool`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @activity.defn(name="audit")
    async def audit(self, effect: RecordAudit) -> Audited:
        """Write the row; a repeat changes nothing. Retried for as long as it takes: no run ends without its row."""
        with reported():
            await record_audit(self._pool, effect.record)
            return Audited(effect_digest=effect_digest(effect))


async def record_audit(pool: Pool, record: AuditRecord) -> None:
    """Write one audit row, once for each `run_id`.

    Failure when PostgreSQL cannot be reached, RuntimeError where the row of that run says that it ended otherwise.
    """
    try:
        with translated():
            status = await pool.execute(_SQL["record"], *_columns(record))
            if status == "INSERT 0 1":
                return
            row = await pool.fetchrow(_SQL["stands"], record.run_id)
    except Refused as refused:
        raise Failure("retryable", f"the audit row was not taken: {refused.refusal.code}") from refused
    if row is not None and tuple(row) != (record.outcome, record.refusal.code if record.refusal else None):
        raise RuntimeError(f"the audit row of the run stands and says `{row['outcome']}`, not `{record.outcome}`")


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
