from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest

from activities.audit import record_audit
from activities.postgres import Pool
from activities.run_id import RunIdReused
from writ.effects import AuditRecord, Refusal, Step


def record(**more: object) -> AuditRecord:
    known: dict[str, object] = {
        "run_id": str(uuid4()),
        "app": "diary",
        "tool": "book",
        "release": "sha256:" + "1" * 64,
        "trigger": "http",
        "subject": "ann",
        "roles": ("patient",),
        "started_at": "2026-11-20T12:00:00Z",
        "outcome": "refused",
        "refusal": Refusal(code="forbidden", status=403, message="You may not.", source="authorize"),
        "steps": (Step(step="validate", outcome="passed"),),
        "trace": (),
        "input": {"slot": 1},
        "input_digest": "sha256:" + "2" * 64,
    }
    return AuditRecord.model_validate({**known, **more})


async def test_a_row_is_written_once_however_often_it_is_recorded(app_pool: Pool) -> None:
    once = record()
    await record_audit(app_pool, once)
    await record_audit(app_pool, once)
    with pytest.raises(RunIdReused):
        await record_audit(app_pool, once.model_copy(update={"outcome": "answered", "refusal": None}))
    [row] = await app_pool.fetch("SELECT * FROM writ.audit WHERE run_id = $1", once.run_id)
    assert (row["outcome"], row["refusal_code"], row["roles"]) == ("refused", "forbidden", ["patient"])
    assert row["started_at"] == "2026-11-20T12:00:00Z"


@pytest.mark.parametrize(
    "other",
    [
        {"app": "other"},
        {"tool": "other"},
        {"release": "sha256:" + "3" * 64},
        {"subject": "mallory"},
        {"input_digest": "sha256:" + "4" * 64},
        {"started_at": "2026-11-20T12:00:00.000001Z"},
        {"refusal": Refusal(code="not_found", status=404, message="No.", source="authorize")},
    ],
    ids=lambda it: next(iter(it)),
)
async def test_the_row_of_another_run_is_never_taken_for_ones_own(app_pool: Pool, other: dict[str, object]) -> None:
    once = record()
    await record_audit(app_pool, once)
    with pytest.raises(RunIdReused) as raised:
        await record_audit(app_pool, record(run_id=once.run_id, **other))
    assert raised.value.kind == "permanent"
    assert await app_pool.fetchval("SELECT count(*) FROM writ.audit WHERE run_id = $1", once.run_id) == 1


async def test_a_row_is_written_whatever_a_caller_put_into_it(app_pool: Pool) -> None:
    strange = record(subject="nul \0 and \ud800", failure="\0", trigger="\0")
    await record_audit(app_pool, strange)
    await record_audit(app_pool, strange)
    assert await app_pool.fetchval("SELECT count(*) FROM writ.audit WHERE run_id = $1", strange.run_id) == 1


@pytest.mark.parametrize("role", ["writ_app", "writ_owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE writ.audit SET outcome = 'answered'",
        "DELETE FROM writ.audit",
        "TRUNCATE writ.audit",
        "UPDATE writ.release SET app = 'x'",
        "DELETE FROM writ.release",
    ],
)
async def test_nobody_changes_what_was_recorded(app_pool: Pool, owner_pool: Pool, role: str, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await {"writ_app": app_pool, "writ_owner": owner_pool}[role].execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO writ.release (digest, app, body) VALUES ('x', 'x', '{}')",
        "INSERT INTO writ.active_release (app, digest) VALUES ('x', 'x')",
        "DELETE FROM writ.step",
        "UPDATE writ.step SET run_id = 'x'",
        "UPDATE writ.idempotency SET run_id = 'x'",
        "ALTER TABLE writ.audit DISABLE TRIGGER ALL",
        "DROP TABLE writ.audit",
        "CREATE TABLE writ.mine (id int)",
        "SELECT * FROM writ.migration",
        "SET ROLE writ_owner",
    ],
)
async def test_the_application_role_may_do_no_more_than_it_needs(app_pool: Pool, statement: str) -> None:
    with pytest.raises(asyncpg.PostgresError) as raised:
        await app_pool.execute(statement)
    assert raised.value.sqlstate == "42501"


async def test_a_stored_answer_is_never_changed(app_pool: Pool) -> None:
    run = str(uuid4())
    await app_pool.execute("INSERT INTO writ.step (run_id, node, result) VALUES ($1, 'n', 'first')", run)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_pool.execute("UPDATE writ.step SET result = 'second' WHERE run_id = $1", run)
