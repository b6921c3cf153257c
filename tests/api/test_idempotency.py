from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from activities import idempotency
from activities.postgres import Pool
from tests.api.conftest import Api, Stage
from writ.digest import digest


@pytest.fixture
def key() -> str:
    """Keys live as long as the database, which the tests share."""
    return uuid4().hex


NOBODY = "00000000-0000-0000-0000-000000000000"


async def test_the_same_key_and_input_give_the_same_run_and_answer(api: Api, key: str) -> None:
    slot = await api.app.slot()
    first, second = await api.book(slot, key=key), await api.book(slot, key=key)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert first.headers["writ-run"] == second.headers["writ-run"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert len(await api.app.appointments()) == 1


async def test_inputs_are_compared_by_meaning_and_not_by_spelling(api: Api, key: str) -> None:
    slot = await api.app.slot()
    await api.book(slot, key=key, input={"reason": "é"})
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    content = b'{ "reason":"\\u00e9",\n"slot":"%s"}' % slot.encode()
    again = await api.send("POST", "/diary/appointments", content=content, headers=headers)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")


async def test_the_same_key_with_another_input_is_refused(api: Api, key: str) -> None:
    slot = await api.app.slot()
    first = await api.book(slot, key=key)
    second = await api.book(slot, key=key, input={"reason": "another"})
    assert (second.status_code, second.json()["code"]) == (422, "idempotency_key_reused")
    assert second.json()["run"] != first.headers["writ-run"]
    assert len(await api.rows(second.json()["run"])) == 1


async def test_a_key_belongs_to_its_caller_and_tool(api: Api, key: str) -> None:
    slot = await api.app.slot(places=1)
    first = await api.book(slot, key=key, subject="ann")
    second = await api.book(slot, key=key, subject="bob")
    assert first.headers["writ-run"] != second.json()["run"]
    assert second.status_code == 409


async def test_concurrent_calls_with_one_key_are_one_run(api: Api, key: str) -> None:
    slot = await api.app.slot()
    answers = await asyncio.gather(*(api.book(slot, key=key) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.headers["writ-run"] for answer in answers}) == 1
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert len(await api.app.appointments()) == 1


@pytest.mark.parametrize(
    ("given", "status"), [({"roles": ("cleaner",)}, 403), ({"subject": "blocked"}, 403), ({}, 404)]
)
async def test_a_refusal_is_repeated_for_its_key(api: Api, key: str, given: dict[str, object], status: int) -> None:
    first, second = await api.book(NOBODY, key=key, **given), await api.book(NOBODY, key=key, **given)
    assert (first.status_code, second.status_code) == (status, status)
    assert first.json() == second.json()
    assert len(await api.rows(first.json()["run"])) == 1


async def test_a_run_that_could_not_start_is_started_by_the_next_try(api: Api, key: str, app_pool: Pool) -> None:
    slot = await api.app.slot()
    use = idempotency.KeyUse("ann", "diary", "book", key, digest({"slot": slot}))
    claimed = await idempotency.claim(app_pool, use, run="crashed-" + slot, release=api.app.release.digest)
    assert claimed.fresh
    answer = await api.book(slot, key=key)
    assert (answer.status_code, answer.headers["writ-run"]) == (200, "crashed-" + slot)


async def test_a_run_keeps_the_release_it_was_claimed_under(own_api: Api, key: str, app_pool: Pool) -> None:
    slot = await own_api.app.slot()
    use = idempotency.KeyUse("ann", "diary", "book", key, digest({"slot": slot}))
    await idempotency.claim(app_pool, use, run="crashed-" + slot, release=own_api.app.release.digest)
    older = own_api.app.release.digest
    book = own_api.app.release.release.tools["book"].model_copy(update={"description": "Book, newly."})
    await own_api.app.with_tools(book).publish()
    while (answer := await own_api.book(NOBODY)).headers["writ-release"] == older:
        pass
    answer = await own_api.book(slot, key=key)
    assert (answer.status_code, answer.headers["writ-release"]) == (200, older)


@pytest.mark.parametrize("malformed", ["a b", "", "x" * 256, "é".encode().decode("latin-1")])
async def test_a_malformed_key_is_refused(api: Api, malformed: str) -> None:
    headers = {"Idempotency-Key": malformed.encode("latin-1")}
    answer = await api.send("POST", "/v1/tools/diary.book", json={"slot": NOBODY}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_idempotency_key")


async def test_a_repeat_while_the_run_goes_on_waits_for_the_same_run(stage: Stage, key: str) -> None:
    async with stage.api(worker=False, answer_within_seconds=0.2) as api:
        slot = await api.app.slot()
        first, second = await api.book(slot, key=key), await api.book(slot, key=key)
        assert (first.status_code, second.status_code) == (504, 504)
        assert first.json()["run"] == second.json()["run"]
    async with stage.api() as api:
        third = await api.book(slot, key=key)
        assert (third.status_code, third.headers["writ-run"]) == (200, first.json()["run"])


async def test_a_failed_run_fails_again_for_its_key(api: Api, key: str) -> None:
    slot = await api.app.slot()
    given, headers = {"slot": slot}, {"Idempotency-Key": key}
    first = await api.send("POST", "/v1/tools/diary.broken", json=given, headers=headers)
    second = await api.send("POST", "/v1/tools/diary.broken", json=given, headers=headers)
    assert (first.status_code, first.json()["code"]) == (500, "bug")
    assert second.json() == first.json()
    assert [row["outcome"] for row in await api.rows(first.json()["run"])] == ["failed"]
