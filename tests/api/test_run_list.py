from __future__ import annotations

from uuid import uuid4

import pytest

from tests.api.conftest import Api

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def subject() -> str:
    """A caller without earlier runs: audit rows live as long as the database, which the tests share."""
    return f"caller-{uuid4().hex[:12]}"


async def listed(api: Api, subject: str, query: str = "", *roles: str) -> list[str]:
    answer = await api.send("GET", f"/v1/runs{query}", subject=subject, roles=roles)
    assert answer.status_code == 200, answer.text
    return [run["id"] for run in answer.json()["runs"]]


async def test_a_caller_sees_its_own_runs_newest_first(api: Api, subject: str) -> None:
    assert await listed(api, subject) == []
    first = (await api.book(await api.app.slot(), subject=subject)).headers["writ-run"]
    second = (await api.book(NOBODY, subject=subject)).json()["run"]
    await api.book(NOBODY, subject="somebody else")
    answer = await api.send("GET", "/v1/runs", subject=subject)
    found = answer.json()
    assert [run["id"] for run in found["runs"]] == [second, first]
    assert [run["status"] for run in found["runs"]] == ["refused", "answered"]
    assert found["runs"][0]["refusal"]["code"] == "not_found"
    assert {run["subject"] for run in found["runs"]} == {subject}
    assert "before" not in found


async def test_an_auditor_sees_everybodys_runs(api: Api, subject: str) -> None:
    run = (await api.book(NOBODY, subject=subject)).json()["run"]
    assert run in await listed(api, "eve", "", "auditor")
    assert await listed(api, "eve", f"?subject={subject}", "auditor") == [run]


async def test_runs_are_narrowed_by_tool_and_outcome(api: Api, subject: str) -> None:
    booked = (await api.book(await api.app.slot(), subject=subject)).headers["writ-run"]
    refused = (await api.book(NOBODY, subject=subject)).json()["run"]
    looked = (await api.send("GET", "/diary/appointments", subject=subject)).headers["writ-run"]
    assert await listed(api, subject, "?tool=diary.list") == [looked]
    assert await listed(api, subject, "?tool=diary.book") == [refused, booked]
    assert await listed(api, subject, "?tool=diary.book&outcome=answered") == [booked]
    assert await listed(api, subject, "?outcome=failed") == []
    assert await listed(api, subject, "?tool=other.book") == []


async def test_older_runs_are_asked_for_with_the_moment_of_the_last(api: Api, subject: str) -> None:
    runs = [(await api.book(NOBODY, subject=subject)).json()["run"] for _ in range(3)]
    page = (await api.send("GET", "/v1/runs?limit=2", subject=subject)).json()
    assert [run["id"] for run in page["runs"]] == runs[:0:-1]
    assert await listed(api, subject, f"?limit=2&before={page['before']}") == runs[:1]


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("tool=book", ["/tool"]),
        ("tool=diary.book%0A", ["/tool"]),
        ("tool=", ["/tool"]),
        ("tool=diary.book&tool=diary.list", ["/tool"]),
        ("outcome=running", ["/outcome"]),
        ("before=yesterday", ["/before"]),
        ("before=2026-01-01", ["/before"]),
        ("before=0000-01-01T00:00:00Z", ["/before"]),
        ("limit=0", ["/limit"]),
        ("limit=101", ["/limit"]),
        ("limit=ten", ["/limit"]),
        ("limit=99999999999999999999", ["/limit"]),
        ("limt=1", ["/limt"]),
        ("subject=", ["/subject"]),
        ("subject=a%00b", ["/subject"]),
        ("subject=somebody", ["/subject"]),
        ("limit=0&outcome=x", ["/limit", "/outcome"]),
    ],
)
async def test_a_filter_that_does_not_fit_is_refused(api: Api, query: str, pointers: list[str]) -> None:
    answer = await api.send("GET", f"/v1/runs?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert answer.headers["content-type"] == "application/problem+json"
    assert sorted(error["pointer"] for error in answer.json()["errors"]) == pointers


async def test_one_may_name_oneself(api: Api, subject: str) -> None:
    run = (await api.book(NOBODY, subject=subject)).json()["run"]
    assert await listed(api, subject, f"?subject={subject}") == [run]


@pytest.mark.parametrize("query", ["limit=%FF", "&".join(["limit=1"] * 1001)])
async def test_a_malformed_query_is_refused(api: Api, query: str) -> None:
    answer = await api.send("GET", f"/v1/runs?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_address")


async def test_metacharacters_in_a_filter_are_plain_data(api: Api) -> None:
    assert await listed(api, "eve", "?subject=' OR 1=1 --", "auditor") == []
