from __future__ import annotations

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from uuid import uuid4

import asyncpg
import pytest

from activities.audit import record_audit
from activities.open_transaction import stored_answer
from activities.postgres import Pool, connect_pool
from activities.run_id import RunIdReused
from activities.transaction import transact
from embedded.engines import Engines
from tests.conftest import Diary
from tests.diary import invocation as invoked
from tests.diary import overbook, taking
from writ.effects import Bug, Failure, Principal, RunFacts, RunTransaction
from writ.engine.record import Journal, answered, audit_record

NOW = "2026-11-20T12:00:00Z"


def effect(app: Diary, tool: str, node: str, input: Mapping[str, object], **more: object) -> RunTransaction:
    known: dict[str, object] = {
        "run": RunFacts(id=str(uuid4()), now=NOW),
        "release": app.release.digest,
        "tool": tool,
        "node": node,
        "principal": Principal(subject="ann", roles=("patient",)),
        "sees_all": False,
        "values": {"input": input},
    }
    return RunTransaction.model_validate({**known, **more})


async def test_a_committed_transaction_answers_with_what_it_exports(diary_app: Diary, app_pool: Pool) -> None:
    slot = await diary_app.slot()
    answer = await transact(app_pool, diary_app.release, effect(diary_app, "book", "booking", {"slot": slot}))
    [appointment] = await diary_app.appointments()
    assert answer.outcome == "committed"
    assert answer.values == {
        "slot": {"starts_at": "2099-01-01T09:00:00Z"},
        "appointment": {"id": appointment["id"]},
    }
    assert [(step.step, step.outcome) for step in answer.steps] == [
        ("start_transaction", "passed"),
        ("execute", "passed"),
        ("invariants", "passed"),
        ("commit", "passed"),
    ]
    assert [(it.node, it.result) for it in answer.trace] == [
        ("slot", "1 row read"),
        ("slot_is_free", "holds"),
        ("taken", "1 row moved to taken"),
        ("appointment", "1 row created"),
    ]


async def test_a_repeat_is_answered_as_before_and_changes_nothing(diary_app: Diary, app_pool: Pool) -> None:
    once = effect(diary_app, "book", "booking", {"slot": await diary_app.slot()})
    first = await transact(app_pool, diary_app.release, once)
    assert await transact(app_pool, diary_app.release, once) == first
    assert len(await diary_app.appointments()) == 1


async def test_concurrent_executions_of_one_effect_happen_once(diary_app: Diary, app_pool: Pool) -> None:
    tool = {"slot": await diary_app.slot(places=5)}
    once = effect(diary_app, "overbook", "overbooking", tool)
    found = await asyncio.gather(*(transact(app_pool, diary_app.release, once) for _ in range(6)))
    assert {answer.outcome for answer in found} == {"committed"}
    assert len({answer.values["appointment"]["id"] for answer in found}) == 1
    assert len(await diary_app.appointments()) == 1


async def test_of_concurrent_bookings_of_one_slot_exactly_one_wins(diary_app: Diary, app_pool: Pool) -> None:
    slot = {"slot": await diary_app.slot()}
    found = await asyncio.gather(
        *(transact(app_pool, diary_app.release, effect(diary_app, "book", "booking", slot)) for _ in range(8))
    )
    assert sorted(answer.outcome for answer in found) == ["committed"] + ["refused"] * 7
    assert {answer.refusal.code for answer in found if answer.refusal} == {"slot_not_free"}
    assert len(await diary_app.appointments()) == 1


async def test_what_only_serializable_isolation_can_tell_is_retried_until_it_is_decided(
    diary_app: Diary, app_pool: Pool
) -> None:
    slot = {"slot": await diary_app.slot()}
    found = await asyncio.gather(
        *(transact(app_pool, diary_app.release, effect(diary_app, "overbook", "overbooking", slot)) for _ in range(4))
    )
    assert sorted(answer.outcome for answer in found) == ["committed"] + ["refused"] * 3
    assert {answer.refusal.code for answer in found if answer.refusal} == {"one_booking_per_slot"}
    assert len(await diary_app.appointments()) == 1


async def test_a_refusal_leaves_nothing_behind(diary_app: Diary, app_pool: Pool) -> None:
    slot = await diary_app.slot()
    given = effect(diary_app, "book", "booking", {"slot": slot, "reason": "longer than twenty characters"})
    answer = await transact(app_pool, diary_app.release, given)
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.refusal.source) == ("invalid_value", "appointment")
    assert await diary_app.state(slot) == "free"
    assert await diary_app.appointments() == []
    assert [(step.step, step.outcome) for step in answer.steps] == [
        ("start_transaction", "passed"),
        ("execute", "refused"),
        ("invariants", "skipped"),
        ("commit", "rolled_back"),
    ]


async def test_a_broken_invariant_is_told_apart_from_a_refused_node(diary_app: Diary, app_pool: Pool) -> None:
    given = effect(diary_app, "overbook", "overbooking", {"slot": await diary_app.slot(places=0)})
    answer = await transact(app_pool, diary_app.release, given)
    assert answer.refusal is not None
    assert answer.refusal.code == "one_booking_per_slot"
    assert [step.outcome for step in answer.steps] == ["passed", "passed", "refused", "rolled_back"]


async def test_an_invariant_counts_the_rows_that_row_level_security_hides(diary_app: Diary, app_pool: Pool) -> None:
    slot = {"slot": await diary_app.slot()}
    await transact(app_pool, diary_app.release, effect(diary_app, "overbook", "overbooking", slot))
    bob = effect(diary_app, "overbook", "overbooking", slot, principal=Principal(subject="bob", roles=("patient",)))
    assert (await transact(app_pool, diary_app.release, bob)).outcome == "refused"


async def test_rows_of_others_are_not_seen(diary_app: Diary, app_pool: Pool) -> None:
    await transact(app_pool, diary_app.release, effect(diary_app, "book", "booking", {"slot": await diary_app.slot()}))
    bob = {"principal": Principal(subject="bob", roles=("patient",))}
    his = await transact(app_pool, diary_app.release, effect(diary_app, "mine", "listing", {}, **bob))
    reception = await transact(app_pool, diary_app.release, effect(diary_app, "mine", "listing", {}, sees_all=True))
    assert his.values == {"found": []}
    assert len(reception.values["found"]) == 1


async def test_a_row_cannot_be_given_to_somebody_else(diary_app: Diary, app_pool: Pool) -> None:
    slot = {"slot": await diary_app.slot()}
    await transact(app_pool, diary_app.release, effect(diary_app, "book", "booking", slot))
    answer = await transact(app_pool, diary_app.release, effect(diary_app, "give_away", "giving", slot))
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.refusal.status) == ("not_found", 404)


async def test_a_result_over_64_kib_is_refused_before_the_commit(diary_app: Diary, app_pool: Pool) -> None:
    slot = await diary_app.slot()
    large = effect(diary_app, "repeat_reason", "reading", {"slot": slot, "reason": "x" * 7})
    answer = await transact(app_pool, diary_app.release, large)
    assert answer.refusal is not None
    assert answer.refusal.code == "result_too_large"
    assert await diary_app.appointments() == []
    small = effect(diary_app, "repeat_reason", "reading", {"slot": slot, "reason": "x"})
    assert (await transact(app_pool, diary_app.release, small)).outcome == "committed"


async def test_rows_are_created_for_a_list_in_one_statement(diary_app: Diary, app_pool: Pool) -> None:
    times = ["2099-01-01T09:00:00Z", "2099-01-01T10:00:00.500000Z"]
    given = {"times": times, "fee": {"amount": 1250, "currency": "EUR"}}
    answer = await transact(app_pool, diary_app.release, effect(diary_app, "open_slots", "opening", given))
    assert [slot["starts_at"] for slot in answer.values["slots"]] == times
    assert answer.values["slots"][0]["fee"] == {"amount": 1250, "currency": "EUR"}


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ([f"2099-01-0{day}T09:00:00Z" for day in range(1, 5)], "too_many_rows"),
        (["2099-01-01T09:00:00Z"] * 2, "conflict"),
    ],
)
async def test_a_set_that_cannot_be_created_is_refused_whole(
    diary_app: Diary, app_pool: Pool, times: list[str], code: str
) -> None:
    answer = await transact(app_pool, diary_app.release, effect(diary_app, "open_slots", "opening", {"times": times}))
    assert answer.refusal is not None
    assert answer.refusal.code == code


async def test_a_transition_tells_a_wrong_state_from_nothing_there(diary_app: Diary, app_pool: Pool) -> None:
    taken = await diary_app.slot(state="taken")
    absent = "00000000-0000-0000-0000-000000000000"
    app = diary_app.with_tools(taking(diary_app.schema))
    codes = [
        (await transact(app_pool, app.release, effect(app, "take", "taking", {"slot": slot}))).refusal
        for slot in (taken, absent)
    ]
    assert [refusal.code for refusal in codes if refusal] == ["wrong_state", "not_found"]


async def test_what_the_plan_has_wrong_is_a_permanent_failure(diary_app: Diary, app_pool: Pool) -> None:
    await diary_app.owner.execute(f"ALTER TABLE {diary_app.schema}.slot RENAME COLUMN places TO seats")
    given = effect(diary_app, "book", "booking", {"slot": "00000000-0000-0000-0000-000000000000"})
    answer = await transact(app_pool, diary_app.release, given)
    assert answer.outcome == "failed"
    assert answer.failure is not None
    assert "places" not in answer.failure
    await diary_app.owner.execute(f"ALTER TABLE {diary_app.schema}.slot RENAME COLUMN seats TO places")
    assert await transact(app_pool, diary_app.release, given) == answer


async def test_a_refusal_stands_although_it_could_be_decided_otherwise_now(diary_app: Diary, app_pool: Pool) -> None:
    slot = await diary_app.slot(state="taken")
    given = effect(diary_app, "book", "booking", {"slot": slot})
    first = await transact(app_pool, diary_app.release, given)
    await diary_app.owner.execute(f"UPDATE {diary_app.schema}.slot SET state = 'free'")
    assert await transact(app_pool, diary_app.release, given) == first
    assert first.outcome == "refused"


async def test_a_connection_that_is_gone_is_a_failure_to_try_again(diary_app: Diary, engines: Engines) -> None:
    pool = await connect_pool(engines.database_url, size=1)
    pid = await pool.fetchval("SELECT pg_backend_pid()")
    superuser = await asyncpg.connect(engines.superuser_url)
    await superuser.execute("SELECT pg_terminate_backend($1, 5000)", pid)
    await superuser.close()
    given = effect(diary_app, "book", "booking", {"slot": await diary_app.slot()})
    try:
        answer = await transact(pool, diary_app.release, given)
    except Failure as failure:
        assert failure.kind == "retryable"
        answer = await transact(pool, diary_app.release, given)
    assert answer.outcome == "committed"
    await pool.close()


async def test_a_repeat_that_asks_for_something_else_is_a_bug(diary_app: Diary, app_pool: Pool) -> None:
    once = effect(diary_app, "overbook", "overbooking", {"slot": await diary_app.slot()})
    await transact(app_pool, diary_app.release, once)
    other = once.model_copy(update={"values": {"input": {"slot": await diary_app.slot("2099-01-02T09:00:00Z")}}})
    with pytest.raises(Bug, match="another transaction"):
        await transact(app_pool, diary_app.release, other)


async def ended(app: Diary, pool: Pool) -> RunTransaction:
    """A transaction that the run of an audit row has not decided."""
    given = effect(app, "overbook", "overbooking", {"slot": await app.slot()})
    plan = app.release.tools["overbook"].plan
    invocation = invoked(app.release, "overbook", {})
    row = audit_record(plan, invocation, given.run, Journal(lambda steps: None), answered({}))
    await record_audit(pool, row)
    return given


@pytest.mark.parametrize("isolation", ["serializable", "repeatable_read", "read_committed"])
async def test_nothing_is_done_for_a_run_that_has_its_audit_row(
    diary_app: Diary, app_pool: Pool, isolation: str
) -> None:
    app = diary_app.with_tools(overbook(diary_app.schema, isolation))
    given = await ended(app, app_pool)
    with pytest.raises(RunIdReused):
        await transact(app_pool, app.release, given)
    assert await app.appointments() == []
    assert await app_pool.fetchval("SELECT count(*) FROM writ.step WHERE run_id = $1", given.run.id) == 0


async def test_no_refusal_is_kept_for_a_run_that_has_its_audit_row(diary_app: Diary, app_pool: Pool) -> None:
    given = await ended(diary_app, app_pool)
    with pytest.raises(RunIdReused):
        await stored_answer(app_pool, given, "{}")
    assert await app_pool.fetchval("SELECT count(*) FROM writ.step WHERE run_id = $1", given.run.id) == 0


async def test_a_decided_transaction_is_answered_as_before_also_after_the_audit_row(
    diary_app: Diary, app_pool: Pool
) -> None:
    given = effect(diary_app, "overbook", "overbooking", {"slot": await diary_app.slot()})
    first = await transact(app_pool, diary_app.release, given)
    plan, invocation = diary_app.release.tools["overbook"].plan, invoked(diary_app.release, "overbook", {})
    await record_audit(app_pool, audit_record(plan, invocation, given.run, Journal(lambda steps: None), answered({})))
    assert await transact(app_pool, diary_app.release, given) == first


async def test_the_audit_names_the_figure_that_an_invariant_broke_on(diary_app: Diary, app_pool: Pool) -> None:
    slot = {"slot": await diary_app.slot()}
    await transact(app_pool, diary_app.release, effect(diary_app, "overbook", "overbooking", slot))
    answer = await transact(app_pool, diary_app.release, effect(diary_app, "overbook", "overbooking", slot))
    details = {step.step: step.detail for step in answer.steps}
    assert details["invariants"] == "one_booking_per_slot of Slot: count is 2"


async def test_a_text_that_no_index_can_take_is_an_invalid_value(diary_app: Diary, app_pool: Pool) -> None:
    await diary_app.owner.execute(f"CREATE INDEX ON {diary_app.schema}.appointment (patient)")
    # Not compressible: PostgreSQL would make a text of one letter small enough.
    long = "".join(sha256(str(number).encode()).hexdigest() for number in range(400))
    who = Principal(subject=long, roles=("patient",))
    given = effect(diary_app, "overbook", "overbooking", {"slot": await diary_app.slot()}, principal=who)
    answer = await transact(app_pool, diary_app.release, given)
    assert answer.refusal is not None
    assert answer.refusal.code == "invalid_value"


async def test_connections_come_back_clean(diary_app: Diary, engines: Engines) -> None:
    pool = await connect_pool(engines.database_url, size=1)
    await transact(pool, diary_app.release, effect(diary_app, "mine", "listing", {}, sees_all=True))
    settings = await pool.fetchrow(
        "SELECT current_setting('writ.sees_all', true) AS sees_all, current_setting('writ.subject', true) AS subject, "
        f"(SELECT count(*) FROM {diary_app.schema}.appointment) AS rows"
    )
    assert settings is not None
    assert (settings["sees_all"] or "", settings["subject"] or "", settings["rows"]) == ("", "", 0)
    await pool.close()
