"""Every way a token can be wrong, over HTTP: one answer, which says nothing of the reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
import pytest
from httpx import Response

from api.development_token import mint
from tests.api.conftest import KEY, Api


def token(**changes: Any) -> str:
    return mint(**{"secret": KEY, "issuer": "writ", "audience": "writ", "subject": "ann", **changes})


def unsigned() -> str:
    claims = jwt.decode(token(), options={"verify_signature": False})
    return jwt.encode(claims, "", "none", headers={"kid": "development"})


REFUSED = {
    "no header": None,
    "another scheme": "Basic YW5uOmFubg==",
    "no token": "Bearer",
    "no JWT": "Bearer abc",
    "bytes": b"Bearer \xff.\xff.\xff",
    "alg none": f"Bearer {unsigned()}",
    "expired": f"Bearer {token(lifetime=timedelta(minutes=-1))}",
    "another audience": f"Bearer {token(audience='other')}",
    "another issuer": f"Bearer {token(issuer='other')}",
    "another key": f"Bearer {token(secret='x' * 32)}",
    "too long": f"Bearer {token(claims={'x': 'y' * 20_000})}",
}


async def asked(api: Api, header: str | bytes | None) -> Response:
    headers = {} if header is None else {"Authorization": header}
    return await api.http.post("/diary/appointments", json={}, headers=headers)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", REFUSED)
async def test_a_wrong_token_is_refused_without_detail(api: Api, way: str) -> None:
    answer = await asked(api, REFUSED[way])
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert set(answer.headers) == {"www-authenticate", "content-type", "content-length", "date", "server"}
    assert answer.json() == {
        "type": "urn:writ:problem:unauthenticated",
        "title": "Unauthorized",
        "status": 401,
        "detail": "A valid bearer token is needed.",
        "code": "unauthenticated",
    }


async def test_two_tokens_are_none(api: Api) -> None:
    token = f"Bearer {api.token()}"
    headers = [("Authorization", token), ("Authorization", token)]
    assert (await api.http.post("/diary/appointments", json={}, headers=headers)).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/tools"),
        ("GET", f"/v1/runs/{'0' * 8}"),
        ("GET", f"/v1/runs/{'0' * 8}/why"),
        ("POST", "/v1/tools/diary.book"),
        ("POST", "/diary/no_such"),
        ("GET", "/no_such"),
    ],
)
async def test_nothing_is_told_to_who_has_no_token(api: Api, method: str, path: str) -> None:
    assert (await api.http.request(method, path)).status_code == 401
