from __future__ import annotations

import asyncio
from uuid import uuid4

from activities.postgres import Pool
from activities.transaction import transact
from tests.conftest import Diary
from writ.effects import Principal, RunFacts, RunTransaction

NOW = "2026-11-20T12:00:00Z"


def effect(app: Diary, tool: str, node: str, input: dict[str, object], **more: object) -> RunTransaction:
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
