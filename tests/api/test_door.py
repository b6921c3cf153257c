from __future__ import annotations

import asyncio
import json

import pytest

from tests.api.conftest import Api, Stage

NOBODY = "00000000-0000-0000-0000-000000000000"


async def test_a_call_is_answered_with_its_run_and_release(api: Api) -> None:
    answer = await api.book(await api.app.slot())
    [appointment] = await api.app.appointments()
    assert answer.status_code == 200
    assert answer.json() == {"appointment": appointment["id"], "starts_at": "2099-01-01T09:00:00Z"}
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["writ-release"] == api.app.release.digest
    [row] = await api.rows(answer.headers["writ-run"])
    assert (row["outcome"], row["trigger"], row["subject"]) == ("answered", "http", "ann")


async def test_a_tool_answers_at_its_generic_address_too(api: Api) -> None:
    answer = await api.send("POST", "/v1/tools/diary.book", json={"slot": await api.app.slot()})
    assert answer.status_code == 200


async def test_path_parameters_are_inputs(api: Api) -> None:
    slot = await api.app.slot()
    answer = await api.send("POST", f"/diary/slots/{slot}/appointments", json={"reason": "a cough"})
    assert answer.status_code == 200
    [appointment] = await api.app.appointments()
    assert (appointment["slot"], appointment["reason"]) == (slot, "a cough")


async def test_query_parameters_are_inputs_of_their_types(api: Api) -> None:
    answer = await api.send("GET", "/diary/appointments?limit=5&open=true&days=1&days=2")
    assert answer.status_code == 200
    [row] = await api.rows(answer.headers["writ-run"])
    assert json.loads(row["input"]) == {"limit": 5, "open": True, "days": [1, 2]}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code", "pointers"),
    [
        ("POST", "/diary/appointments", {}, 422, "invalid_input", ["/slot"]),
        ("POST", "/diary/appointments", {"slot": 7, "reson": "x"}, 422, "invalid_input", ["/reson", "/slot"]),
        ("POST", "/diary/appointments", [], 422, "invalid_input", [""]),
        ("POST", "/diary/appointments", {"slot": NOBODY, "reason": "a\0b"}, 422, "invalid_input", ["/reason"]),
        ("POST", "/diary/appointments", {"slot": NOBODY, "reason": "\ud800"}, 422, "invalid_input", ["/reason"]),
        ("POST", f"/diary/slots/{NOBODY}/appointments", {"slot": NOBODY}, 422, "invalid_input", ["/slot"]),
        ("POST", "/diary/slots/x/appointments", {}, 422, "invalid_input", ["/slot"]),
        ("POST", "/diary/appointments?slot=1", {}, 422, "invalid_input", ["/slot"]),
        ("GET", "/diary/appointments?limit=many", None, 422, "invalid_input", ["/limit"]),
        ("GET", "/diary/appointments?limit=0", None, 422, "invalid_input", ["/limit"]),
        ("GET", "/diary/appointments?limit=1&limit=2", None, 422, "invalid_input", ["/limit"]),
        ("GET", "/diary/appointments?limt=1", None, 422, "invalid_input", ["/limt"]),
        ("GET", "/diary/appointments?days=1&days=x", None, 422, "invalid_input", ["/days/1"]),
        ("GET", "/diary/appointments", {}, 400, "body_not_taken", []),
        ("GET", "/diary/appointments?limit=%FF", None, 400, "malformed_address", []),
    ],
)
async def test_bad_input_is_refused_with_pointers_and_audited(
    api: Api, method: str, path: str, body: object, status: int, code: str, pointers: list[str]
) -> None:
    content = b"" if body is None else json.dumps(body).encode()
    answer = await api.send(method, path, content=content, headers={"Content-Type": "application/json"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert sorted(error["pointer"] for error in problem.get("errors", [])) == pointers
    assert problem["run"] == answer.headers["writ-run"]
    [row] = await api.rows(problem["run"])
    assert (row["outcome"], row["refusal_code"], row["subject"]) == ("refused", code, "ann")
    assert len({step["step"] for step in json.loads(row["steps"])}) == 9


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b'{"slot": ', "application/json", 400, "not_json"),
        (b'{"slot": NaN}', "application/json", 400, "not_json"),
        (b'"\xff"', "application/json", 400, "not_json"),
        (b'{"slot": 1, "slot": 2}', "application/json", 400, "duplicate_key"),
        (b"[" * 500 + b"]" * 500, "application/json", 400, "nested_too_deep"),
        (b'{"slot": "x"}', "text/plain", 415, "unsupported_media_type"),
        (b"slot=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b'{"reason": "' + b"x" * 1024 * 1024 + b'"}', "application/json", 413, "body_too_large"),
    ],
)
async def test_a_bad_body_is_refused_and_audited(
    api: Api, content: bytes, content_type: str, status: int, code: str
) -> None:
    headers = {"Content-Type": content_type}
    answer = await api.send("POST", "/diary/appointments", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert [row["refusal_code"] for row in await api.rows(answer.json()["run"])] == [code]


async def test_a_body_without_announced_length_is_limited_too(api: Api) -> None:
    async def endless() -> object:
        for _ in range(40):
            yield b" " * 65536

    headers = {"Content-Type": "application/json"}
    answer = await api.send("POST", "/diary/appointments", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("subject", "roles", "status", "code"),
    [
        ("ann", ("cleaner",), 403, "forbidden"),
        ("blocked-ann", ("patient",), 403, "no_blocked_patients"),
        ("ann", ("patient",), 404, "not_found"),
    ],
)
async def test_a_refusal_is_a_problem_with_its_run(
    api: Api, subject: str, roles: tuple[str, ...], status: int, code: str
) -> None:
    answer = await api.book(NOBODY, subject=subject, roles=roles)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["status"]) == (status, code, status)
    assert problem["type"] == f"urn:writ:problem:{code}"
    assert [row["refusal_code"] for row in await api.rows(problem["run"])] == [code]


async def test_the_apps_own_refusal_has_its_status_and_sentence(api: Api) -> None:
    slot = await api.app.slot(state="taken")
    problem = (await api.book(slot)).json()
    assert (problem["status"], problem["code"], problem["detail"]) == (409, "slot_not_free", "The slot is not free.")


async def test_metacharacters_are_plain_data(api: Api) -> None:
    reason = "'); DROP -- \" + x"
    answer = await api.book(await api.app.slot(), input={"reason": reason})
    assert answer.status_code == 200
    assert [row["reason"] for row in await api.app.appointments()] == [reason]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/v1/tools/diary.no_such", 404, "not_found"),
        ("POST", "/v1/tools/no_such.book", 404, "not_found"),
        ("POST", "/v1/tools/diary", 404, "not_found"),
        ("POST", "/diary/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("PUT", "/diary/appointments", 405, "method_not_allowed"),
        ("GET", "/v1/tools/diary.book", 405, "method_not_allowed"),
        ("GET", "/diary/%C3", 400, "malformed_address"),
    ],
)
async def test_an_address_that_leads_nowhere_is_a_problem(
    api: Api, method: str, path: str, status: int, code: str
) -> None:
    answer = await api.send(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_wrong_method_names_the_right_ones(api: Api) -> None:
    assert (await api.send("PUT", "/diary/appointments")).headers["allow"] == "GET, POST"


async def test_one_of_many_callers_gets_the_slot(api: Api) -> None:
    slot = await api.app.slot()
    answers = await asyncio.gather(*(api.book(slot, subject=f"patient-{number}") for number in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 19
    assert len(await api.app.appointments()) == 1


async def test_a_caller_who_does_not_wait_is_told_where_to_ask(api: Api) -> None:
    answer = await api.book(await api.app.slot(), headers={"Prefer": "respond-async"})
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "respond-async"
    place = answer.headers["location"]
    assert place == f"/v1/runs/{answer.headers['writ-run']}"
    assert (await api.ended(answer.headers["writ-run"]))["status"] == "answered"


async def test_a_run_that_takes_too_long_goes_on(stage: Stage) -> None:
    async with stage.api(worker=False, answer_within_seconds=0.2) as api:
        answer = await api.book(await api.app.slot())
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (504, "answer_not_ready")
        assert answer.headers["location"] == f"/v1/runs/{problem['run']}"
        assert (await api.send("GET", answer.headers["location"])).json()["status"] == "running"
    async with stage.api() as api:
        assert (await api.ended(problem["run"]))["status"] == "answered"


async def test_a_release_that_is_published_decides_at_once_without_a_restart(own_api: Api) -> None:
    assert (await own_api.send("POST", "/v1/tools/diary.new")).status_code == 404
    changed = own_api.app.release.release.tools["mine"].model_copy(update={"tool": "new"})
    await own_api.app.with_tools(changed).publish()
    while (status := (await own_api.send("POST", "/v1/tools/diary.new")).status_code) == 404:
        pass
    assert status == 200


async def test_the_tools_a_caller_may_use_are_listed(api: Api) -> None:
    found = (await api.send("GET", "/v1/tools")).json()["tools"]
    assert {tool["name"]: tool["path"] for tool in found}["diary.book"] == "/diary/appointments"
    assert (await api.send("GET", "/v1/tools", roles=("cleaner",))).json() == {"tools": []}
