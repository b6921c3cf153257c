"""Requests that no well-meaning client sends, byte by byte: each gets a plain answer and nothing more."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.api.conftest import Api
from tests.conftest import until

NOBODY = "00000000-0000-0000-0000-000000000000"
HOST = "Host: a"
JSON = "Content-Type: application/json"


@dataclass(frozen=True)
class Raw:
    """An answer as it came."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


def parsed(answer: bytes) -> Raw:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return Raw(int(first.split()[1]), [(name.lower(), value) for name, _, value in pairs], body)


async def sent(api: Api, *lines: str, body: bytes = b"") -> Raw:
    """The answer to a request of these lines; the token is added."""
    reader, writer = await asyncio.open_connection(api.http.base_url.host, api.http.base_url.port)
    token = f"Authorization: Bearer {api.token()}"
    head = "\r\n".join([lines[0], HOST, token, "Connection: close", *lines[1:]])
    writer.write(head.encode("latin-1") + b"\r\n\r\n" + body)
    async with asyncio.timeout(20):
        answer = await reader.read()
    writer.close()
    return parsed(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/diary/../v1/tools",
        "/diary/%2e%2e/v1/tools",
        "/diary/..%2fv1%2ftools",
        "/v1/../diary/appointments",
        "/./diary/appointments",
        "//diary/appointments",
        "/diary//appointments",
        "/diary/appointments/",
        "/diary%2Fappointments",
        "/DIARY/appointments",
        "/diary/appointments;x=1",
        "/diary\\appointments",
        "/v1/tools/diary.book/..",
        "/v1/tools/..%2f..%2fetc%2fpasswd",
        "/v1/tools/diary.book%0d%0aSet-Cookie:%20a=b",
        "/v1/runs/%0d%0aSet-Cookie:%20a=b",
        "/v1/runs/..%2f..%2fetc%2fpasswd/why",
        "/diary/%0d%0aSet-Cookie:%20a=b",
    ],
)
async def test_a_path_leads_where_it_says_or_nowhere(api: Api, path: str) -> None:
    for method in ("GET", "POST"):
        answer = await sent(api, f"{method} {path} HTTP/1.1", "Content-Length: 0")
        assert (answer.status, json.loads(answer.body)["code"]) in ((404, "not_found"), (405, "method_not_allowed"))
        assert answer.header("content-type") == "application/problem+json"
        assert answer.header("set-cookie") is None


async def test_an_encoded_slash_stays_within_its_value(api: Api) -> None:
    answer = await sent(api, "POST /diary/slots/a%2Fappointments/appointments HTTP/1.1", "Content-Length: 0")
    assert [error["pointer"] for error in json.loads(answer.body)["errors"]] == ["/slot"]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/" + "a" * 50_000, 404),
        ("/diary/" + "%41" * 15_000, 404),
        ("/diary/appointments?limit=" + "1" * 50_000, 422),
        ("/diary/appointments?" + "a" * 50_000 + "=1", 422),
        ("/diary/appointments?" + "&".join(f"days={number}" for number in range(1000)), 200),
        ("/diary/appointments?" + "&".join(["days=1"] * 10_000), 400),
        ("/diary/appointments?" + "&" * 10_000, 400),
        ("/diary/appointments?days=1;days=2", 422),
    ],
)
async def test_a_very_long_address_is_judged_like_any_other(api: Api, target: str, status: int) -> None:
    answer = await sent(api, f"GET {target} HTTP/1.1")
    assert answer.status == status


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PROPFIND"])
async def test_a_method_that_no_tool_takes_is_not_allowed(api: Api, method: str) -> None:
    answer = await sent(api, f"{method} /diary/appointments HTTP/1.1")
    assert answer.status == 405
    assert answer.header("content-type") == "application/problem+json"
    if method == "HEAD":
        assert answer.body == b""


async def test_the_target_of_a_whole_server_is_no_address(api: Api) -> None:
    assert (await sent(api, "OPTIONS * HTTP/1.1")).status in (400, 404, 405)


async def test_other_origins_are_told_nothing(api: Api) -> None:
    origin = ("Origin: https://elsewhere.example", "Access-Control-Request-Method: POST")
    for method in ("OPTIONS", "GET"):
        answer = await sent(api, f"{method} /diary/appointments HTTP/1.1", *origin)
        assert [name for name, _ in answer.headers if name.startswith("access-control")] == []


@pytest.mark.parametrize(
    "lengths",
    [
        ("Content-Length: -1",),
        ("Content-Length: abc",),
        ("Content-Length: 1", "Content-Length: 2"),
        ("Content-Length: 99999999999999999999999999",),
        ("Content-Length: 2", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: nonsense",),
    ],
)
async def test_a_length_that_is_none_is_a_bad_request(api: Api, lengths: tuple[str, ...]) -> None:
    answer = await sent(api, "POST /diary/appointments HTTP/1.1", JSON, *lengths, body=b"{}")
    assert answer.status in (400, 413)


async def test_a_length_that_is_shorter_than_the_body_ends_it(api: Api) -> None:
    body = b'{"slot": 7}garbage'
    answer = await sent(api, "POST /diary/appointments HTTP/1.1", JSON, "Content-Length: 11", body=body)
    assert (answer.status, json.loads(answer.body)["errors"][0]["pointer"]) == (422, "/slot")


async def test_a_body_that_breaks_off_is_no_bug_and_is_audited(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    subject = f"caller-{uuid4().hex[:12]}"
    _, writer = await asyncio.open_connection(api.http.base_url.host, api.http.base_url.port)
    token = f"Authorization: Bearer {api.token(subject)}"
    head = "\r\n".join(["POST /diary/appointments HTTP/1.1", HOST, token, JSON, "Content-Length: 1000"])
    with caplog.at_level(logging.WARNING):
        writer.write(head.encode() + b'\r\n\r\n{"slot": ')
        await writer.drain()
        writer.close()

        async def audited() -> bool:
            query = "SELECT refusal_code FROM writ.audit WHERE subject = $1"
            return [row["refusal_code"] for row in await api.pool.fetch(query, subject)] == ["body_incomplete"]

        await until(audited)
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, identity"])
async def test_a_compressed_body_is_not_unpacked(api: Api, encoding: str) -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    coded = (f"Content-Encoding: {encoding}", f"Content-Length: {len(bomb)}")
    answer = await sent(api, "POST /diary/appointments HTTP/1.1", JSON, *coded, body=bomb)
    assert (answer.status, json.loads(answer.body)["code"]) == (415, "unsupported_media_type")


async def test_a_chunked_body_over_the_limit_is_refused(api: Api) -> None:
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    chunked = (JSON, "Transfer-Encoding: chunked")
    answer = await sent(api, "POST /diary/appointments HTTP/1.1", *chunked, body=chunk * 17 + b"0\r\n\r\n")
    assert (answer.status, json.loads(answer.body)["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("key", ["a\tb", "a\x0bb", "\x7f", "ä", "a,b c"])
async def test_a_key_is_never_more_than_a_key(api: Api, key: str) -> None:
    length = f"Content-Length: {len(NOBODY) + 12}"
    body = json.dumps({"slot": NOBODY}).encode()
    answer = await sent(api, "POST /diary/appointments HTTP/1.1", JSON, length, f"Idempotency-Key: {key}", body=body)
    assert answer.status == 400


async def test_two_keys_are_none(api: Api) -> None:
    body = json.dumps({"slot": NOBODY}).encode()
    keys = ("Idempotency-Key: a", "Idempotency-Key: a", f"Content-Length: {len(body)}")
    answer = await sent(api, "POST /diary/appointments HTTP/1.1", JSON, *keys, body=body)
    assert json.loads(answer.body)["code"] == "malformed_idempotency_key"


async def test_nothing_a_caller_sends_comes_back_as_a_header(api: Api) -> None:
    mark = uuid4().hex
    body = json.dumps({"slot": NOBODY, "reason": mark[:10]}).encode()
    lines = (f"Idempotency-Key: {mark}", f"Prefer: {mark}", f"Writ-Run: {mark}", f"X-Forwarded-Host: {mark}")
    answer = await sent(
        api, "POST /diary/appointments HTTP/1.1", JSON, f"Content-Length: {len(body)}", *lines, body=body
    )
    assert answer.status == 404
    assert [name for name, value in answer.headers if mark in value] == []
