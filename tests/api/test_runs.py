from __future__ import annotations

import pytest

from tests.api.conftest import Api, Stage

NOBODY = "00000000-0000-0000-0000-000000000000"


async def test_a_run_shows_how_it_ended(api: Api) -> None:
    answer = await api.book(await api.app.slot())
    run = (await api.send("GET", f"/v1/runs/{answer.headers['writ-run']}")).json()
    assert (run["status"], run["tool"], run["release"]) == ("answered", "book", api.app.release.digest)
    assert run["response"] == answer.json()
    assert run["started_at"] <= run["ended_at"]


async def test_a_refused_run_shows_its_refusal(api: Api) -> None:
    problem = (await api.book(NOBODY)).json()
    run = (await api.send("GET", f"/v1/runs/{problem['run']}")).json()
    assert (run["status"], run["refusal"]["code"], run["refusal"]["source"]) == ("refused", "not_found", "slot")


async def test_why_tells_the_nine_steps_and_the_nodes(api: Api) -> None:
    answer = await api.book(await api.app.slot(), input={"reason": "a secret"})
    why = (await api.send("GET", f"/v1/runs/{answer.headers['writ-run']}/why")).json()
    assert [step["step"] for step in why["steps"]] == [
        "validate",
        "authorize",
        "policies",
        "start_transaction",
        "execute",
        "invariants",
        "commit",
        "audit",
        "respond",
    ]
    assert {"slot", "slot_is_free", "taken", "appointment"} <= {node["node"] for node in why["trace"]}
    assert why["input"]["reason"] == "***"


async def test_a_call_refused_at_the_door_can_be_explained(api: Api) -> None:
    problem = (await api.book("not a uuid")).json()
    why = (await api.send("GET", f"/v1/runs/{problem['run']}/why")).json()
    assert [step["outcome"] for step in why["steps"]].count("skipped") == 6
    assert why["refusal"]["errors"][0]["pointer"] == "/slot"


@pytest.mark.parametrize("suffix", ["", "/why"])
async def test_somebody_elses_run_is_not_there(api: Api, suffix: str) -> None:
    run = (await api.book(await api.app.slot())).headers["writ-run"]
    stranger = await api.send("GET", f"/v1/runs/{run}{suffix}", subject="bob")
    nothing = await api.send("GET", f"/v1/runs/{NOBODY}{suffix}", subject="bob")
    assert (stranger.status_code, stranger.json()) == (404, nothing.json())


@pytest.mark.parametrize("suffix", ["", "/why"])
async def test_somebody_elses_running_run_is_not_there(stage: Stage, suffix: str) -> None:
    async with stage.api(worker=False) as api:
        started = await api.book(await api.app.slot(), headers={"Prefer": "respond-async"})
        path = started.headers["location"] + suffix
        assert (await api.send("GET", path, subject="bob")).status_code == 404
        assert (await api.send("GET", path)).json()["status"] == "running"


async def test_an_auditor_sees_every_run_without_its_answer(api: Api) -> None:
    run = (await api.book(await api.app.slot())).headers["writ-run"]
    seen = (await api.send("GET", f"/v1/runs/{run}", subject="eve", roles=("auditor",))).json()
    assert seen["status"] == "answered"
    assert "response" not in seen


@pytest.mark.parametrize("run", ["%00", "a%20b", "x" * 5000, "%C3%28", "a%2Fb"])
async def test_an_id_that_no_run_can_have_is_not_found(api: Api, run: str) -> None:
    assert (await api.send("GET", f"/v1/runs/{run}")).status_code in (400, 404)


async def test_what_broke_inside_is_for_auditors_only(api: Api) -> None:
    slot = await api.app.slot()
    run = (await api.send("POST", "/v1/tools/diary.broken", json={"slot": slot})).json()["run"]
    own = await api.send("GET", f"/v1/runs/{run}/why")
    auditors = await api.send("GET", f"/v1/runs/{run}/why", roles=("auditor",))
    assert "does not fit" not in own.text
    assert "does not fit" in auditors.json()["failure"]


async def test_a_run_ended_from_outside_is_shown_as_failed(stage: Stage) -> None:
    async with stage.api(worker=False) as api:
        started = await api.book(await api.app.slot(), headers={"Prefer": "respond-async"})
        await api.temporal.get_workflow_handle(started.headers["writ-run"]).terminate()
        assert (await api.ended(started.headers["writ-run"]))["status"] == "failed"
