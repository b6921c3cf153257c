from __future__ import annotations

import asyncio
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from activities import jwks
from api.auth import TokenVerifier
from api.development_token import mint_from
from api.refusals import DoorRefused
from api.verification_keys import KeySet, parse_key_set
from settings import Settings
from tests.api.conftest import served
from writ.effects import Failure

ED = Ed25519PrivateKey.generate()
RSA = generate_private_key(65537, 2048)
SHORT_RSA = generate_private_key(65537, 1024)


def jwk(key: Ed25519PrivateKey | RSAPrivateKey, kid: str, **more: Any) -> dict[str, Any]:
    if isinstance(key, RSAPrivateKey):
        found = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        found = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**found, "kid": kid, **more}


def key_set(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": list(keys)}).encode()


BOTH = key_set(jwk(ED, "ed"), jwk(RSA, "rsa"))


def token(key: Any, algorithm: str, kid: str | None, typ: str | None = "JWT", **changes: Any) -> str:
    claims = {"iss": "issuer", "aud": "writ", "sub": "ann", "exp": int(time.time()) + 60, "roles": ["patient"]}
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    headers = {"typ": typ, **({} if kid is None else {"kid": kid})}
    return jwt.encode(claims, key, algorithm, headers=headers)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Issuer:
    """What an issuer publishes, and how often it was asked."""

    def __init__(self, document: bytes = BOTH) -> None:
        self.document = document
        self.away = False
        self.asked = 0

    async def fetch(self) -> bytes:
        self.asked += 1
        if self.away:
            raise Failure("retryable", "the issuer is away")
        return self.document


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(issuer: Issuer, clock: Clock) -> TokenVerifier:
    return TokenVerifier(keys=KeySet(issuer.fetch, clock), issuer="issuer", audience="writ", clock=clock)


@pytest.mark.parametrize(("key", "algorithm", "kid"), [(ED, "EdDSA", "ed"), (RSA, "RS256", "rsa")])
async def test_a_token_of_the_issuer_is_a_principal(
    verifier: TokenVerifier, key: Any, algorithm: str, kid: str
) -> None:
    principal = await verifier.verify(token(key, algorithm, kid, practice="north", roles=["b", "a", "b"]))
    assert (principal.subject, principal.roles, principal.claims) == ("ann", ("b", "a"), {"practice": "north"})


async def test_a_token_without_roles_has_none(verifier: TokenVerifier) -> None:
    assert (await verifier.verify(token(ED, "EdDSA", "ed", roles=None))).roles == ()


def public_pem() -> bytes:
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return RSA.public_key().public_bytes(encoding, form)


def signed_with_public_key() -> str:
    """The classic confusion: the RSA public key taken for an HMAC secret. Made by hand, as no library would."""
    import hmac
    from hashlib import sha256

    def part(value: bytes) -> bytes:
        return urlsafe_b64encode(value).rstrip(b"=")

    payload = token(RSA, "RS256", "rsa").split(".")[1].encode()
    signing = part(b'{"alg":"HS256","typ":"JWT","kid":"rsa"}') + b"." + payload
    return (signing + b"." + part(hmac.digest(public_pem(), signing, sha256))).decode()


def by_hand(header: object, claims: object = None) -> str:
    """A token with a good signature over whatever header and claims: no library would make it."""

    def part(value: bytes) -> bytes:
        return urlsafe_b64encode(value).rstrip(b"=")

    def text(value: object) -> bytes:
        return value if isinstance(value, bytes) else json.dumps(value).encode()

    good = {"iss": "issuer", "aud": "writ", "sub": "ann", "exp": int(time.time()) + 60}
    signing = part(text(header)) + b"." + part(text(good if claims is None else claims))
    return (signing + b"." + part(ED.sign(signing))).decode()


def claiming(**changes: object) -> str:
    return by_hand(HEADER, {"iss": "issuer", "aud": "writ", "sub": "ann", "exp": int(time.time()) + 60, **changes})


HEADER = {"alg": "EdDSA", "typ": "JWT", "kid": "ed"}
DEEP = b"[" * 5000 + b"]" * 5000
HOSTILE = {
    "an extension that must be understood": by_hand({**HEADER, "crit": ["x"], "x": 1}),
    "a payload that is not encoded": by_hand({**HEADER, "crit": ["b64"], "b64": False}),
    "an empty list of extensions": by_hand({**HEADER, "crit": []}),
    "a key of its own": by_hand({**HEADER, "kid": "mine", "jwk": jwk(Ed25519PrivateKey.generate(), "mine")}),
    "an address of keys of its own": by_hand({**HEADER, "kid": "mine", "jku": "https://example.org/jwks.json"}),
    "a key id that leads elsewhere": by_hand({**HEADER, "kid": "../../ed"}),
    "a key id with metacharacters": by_hand({**HEADER, "kid": "ed' OR '1'='1\0\r\n"}),
    "a key id as list": by_hand({**HEADER, "kid": ["ed"]}),
    "a key id as number": by_hand({**HEADER, "kid": 7}),
    "an algorithm as list": by_hand({**HEADER, "alg": ["EdDSA"]}),
    "no algorithm": by_hand({"typ": "JWT", "kid": "ed"}),
    "a type as object": by_hand({**HEADER, "typ": {"JWT": 1}}),
    "a header as list": by_hand([HEADER]),
    "a header that is nested deeply": by_hand(b'{"alg": "EdDSA", "kid": "ed", "x": ' + DEEP[4000:6000] + b"}"),
    "a header without end": by_hand(b'{"alg": "EdDSA", "kid": "ed", "x": ' + DEEP[:5000] + b"}"),
    "claims that are nested deeply": by_hand(HEADER, b'{"x": ' + DEEP[2000:8000] + b"}"),
    "claims as list": by_hand(HEADER, ["ann"]),
    "claims that are no JSON": by_hand(HEADER, b"\xff"),
    "an expiry as list": claiming(exp=[1]),
    "an expiry as object": claiming(exp={}),
    "an expiry without end": claiming(exp=float("inf")),
    "an expiry beyond all numbers": claiming(exp=10**400),
    "an expiry that is no number": claiming(exp=float("nan")),
    "a subject as number": claiming(sub=7),
    "a subject as list": claiming(sub=["ann"]),
    "a subject over several lines": claiming(sub="ann\r\nSet-Cookie: a=b"),
    "an audience as object": claiming(aud={"writ": 1}),
    "roles as null": claiming(roles=None),
    "roles as object": claiming(roles={"patient": True}),
    "roles within roles": claiming(roles=[["patient"]]),
    "a role with NUL": claiming(roles=["a\0"]),
    "a claim with NUL": claiming(practice="\0"),
    "a claim with half a character": claiming(practice="\ud800"),
    "a claim nested deeper than a value may be": claiming(practice=json.loads(DEEP[4900:5100])),
    "a claim beyond exact numbers": claiming(practice=2**60),
}
WRONG = {
    **HOSTILE,
    "unknown key id": token(ED, "EdDSA", "other"),
    "no key id among several keys": token(ED, "EdDSA", None),
    "another key": token(Ed25519PrivateKey.generate(), "EdDSA", "ed"),
    "another algorithm of the key": token(RSA, "RS512", "rsa"),
    "HS256 signed with the public key": signed_with_public_key(),
    "wrong type": token(ED, "EdDSA", "ed", typ="id_token"),
    "expired": token(ED, "EdDSA", "ed", exp=int(time.time()) - 60),
    "not yet valid": token(ED, "EdDSA", "ed", nbf=int(time.time()) + 60),
    "no expiry": token(ED, "EdDSA", "ed", exp=None),
    "no subject": token(ED, "EdDSA", "ed", sub=None),
    "no issuer": token(ED, "EdDSA", "ed", iss=None),
    "no audience": token(ED, "EdDSA", "ed", aud=None),
    "wrong issuer": token(ED, "EdDSA", "ed", iss="issuer2"),
    "wrong audience": token(ED, "EdDSA", "ed", aud=["other"]),
    "empty subject": token(ED, "EdDSA", "ed", sub=""),
    "subject with NUL": token(ED, "EdDSA", "ed", sub="a\0b"),
    "roles as text": token(ED, "EdDSA", "ed", roles="patient"),
    "roles as numbers": token(ED, "EdDSA", "ed", roles=[1]),
    "a claim without JSON form": token(ED, "EdDSA", "ed", rate=float("nan")),
}


@pytest.mark.parametrize("way", WRONG)
async def test_a_wrong_token_is_refused(verifier: TokenVerifier, way: str) -> None:
    with pytest.raises(DoorRefused) as caught:
        await verifier.verify(WRONG[way])
    assert (caught.value.code, caught.value.detail) == ("unauthenticated", "")


async def test_a_token_made_by_hand_is_taken_when_it_is_good(verifier: TokenVerifier) -> None:
    assert (await verifier.verify(by_hand(HEADER))).subject == "ann"


async def test_the_claim_that_lists_the_roles_can_be_chosen(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_bytes(BOTH)
    claim = "https://example.org/roles"
    verifier = TokenVerifier.from_settings(Settings(jwt_issuer="issuer", jwt_jwks_file=file, jwt_roles_claim=claim))
    principal = await verifier.verify(claiming(roles="not ours", **{claim: ["clerk"]}))
    assert (principal.roles, principal.claims) == (("clerk",), {"roles": "not ours"})


async def test_a_development_token_has_its_roles_where_the_settings_say() -> None:
    settings = Settings(development_key="k" * 32, jwt_roles_claim="groups")
    token = mint_from(settings, "ann", ["patient"])
    assert (await TokenVerifier.from_settings(settings).verify(token)).roles == ("patient",)


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "application/at+jwt"])
async def test_types_of_access_tokens_are_taken(verifier: TokenVerifier, typ: str) -> None:
    assert (await verifier.verify(token(ED, "EdDSA", "ed", typ=typ))).subject == "ann"


async def test_keys_are_fetched_once_and_again_for_an_unknown_id(issuer: Issuer, clock: Clock) -> None:
    keys = KeySet(issuer.fetch, clock)
    for _ in range(3):
        assert await keys.find("ed") is not None
    assert issuer.asked == 1
    issuer.document = key_set(jwk(ED, "newer"))
    assert await keys.find("newer") is None
    clock.now += 31
    assert await keys.find("newer") is not None
    assert issuer.asked == 2


async def test_unknown_ids_do_not_make_us_ask_more_often(issuer: Issuer, clock: Clock) -> None:
    keys = KeySet(issuer.fetch, clock)
    await asyncio.gather(*(keys.find(f"unknown-{number}") for number in range(50)))
    assert issuer.asked == 1


async def test_a_withdrawn_key_is_forgotten(issuer: Issuer, clock: Clock, verifier: TokenVerifier) -> None:
    given = token(ED, "EdDSA", "ed", exp=int(time.time()) + 3600)
    await verifier.verify(given)
    issuer.document = key_set(jwk(RSA, "rsa"), jwk(RSA, "other"))
    clock.now += 601
    with pytest.raises(DoorRefused):
        await verifier.verify(given)


async def test_an_issuer_out_of_reach_is_a_failure_and_no_refusal(
    issuer: Issuer, clock: Clock, verifier: TokenVerifier
) -> None:
    issuer.away = True
    with pytest.raises(Failure) as caught:
        await verifier.verify(token(ED, "EdDSA", "ed"))
    assert caught.value.kind == "retryable"
    issuer.away = False
    clock.now += 3
    assert (await verifier.verify(token(ED, "EdDSA", "ed"))).subject == "ann"


async def test_known_keys_stay_valid_while_the_issuer_is_away(issuer: Issuer, clock: Clock) -> None:
    keys = KeySet(issuer.fetch, clock)
    await keys.find("ed")
    issuer.away = True
    clock.now += 10_000
    assert await keys.find("ed") is not None


async def test_a_token_is_verified_once_a_minute(issuer: Issuer, clock: Clock) -> None:
    asked: list[str | None] = []

    class Counting(KeySet):
        async def find(self, key_id: str | None) -> Any:
            asked.append(key_id)
            return await super().find(key_id)

    verifier = TokenVerifier(keys=Counting(issuer.fetch, clock), issuer="issuer", audience="writ", clock=clock)
    given = token(ED, "EdDSA", "ed", exp=int(time.time()) + 3600)
    for _ in range(3):
        await verifier.verify(given)
    assert len(asked) == 1
    clock.now += 61
    await verifier.verify(given)
    assert len(asked) == 2


def test_only_keys_made_for_signatures_are_taken() -> None:
    secret = {"kty": "oct", "k": "c2VjcmV0" * 8, "kid": "secret", "alg": "HS256"}
    found = parse_key_set(
        key_set(
            secret,
            jwk(ED, "ed"),
            jwk(RSA, "for encryption", use="enc"),
            jwk(RSA, "another algorithm", alg="PS256"),
            jwk(SHORT_RSA, "short"),
        )
    )
    assert set(found) == {"ed", None}


@pytest.mark.parametrize(
    "broken",
    [
        {"kty": "OKP", "crv": "Ed25519", "x": "!", "kid": "broken"},
        {"kty": "OKP", "crv": "Ed25519", "x": 7, "kid": "broken"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "broken"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "broken"},
        {"kty": "RSA", "n": "", "e": "", "kid": "broken"},
        {"kty": ["RSA"], "kid": "broken"},
        {"kid": "broken"},
        {**jwk(ED, "ed"), "kid": ["broken"]},
    ],
)
def test_a_broken_key_does_not_spoil_the_others(broken: dict[str, Any]) -> None:
    assert set(parse_key_set(key_set(broken, jwk(RSA, "rsa")))) == {"rsa", None}


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"keys": [1]}', b"<html>"])
def test_what_is_no_key_set_is_a_failure(document: bytes) -> None:
    with pytest.raises(Failure):
        parse_key_set(document)


async def test_keys_can_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_bytes(BOTH)
    settings = Settings(jwt_issuer="issuer", jwt_jwks_file=file, environment="production")
    verifier = TokenVerifier.from_settings(settings)
    assert (await verifier.verify(token(ED, "EdDSA", "ed"))).subject == "ann"


async def test_a_missing_file_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(Failure):
        await KeySet(partial(jwks.read, tmp_path / "none.json")).find("ed")


@pytest.fixture
async def published() -> AsyncIterator[str]:
    """An address where the key set is published over real HTTP."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found = scope["path"] == "/jwks.json"
        body = BOTH if found else b"x" * (300 * 1024)
        status = 200 if scope["path"] in ("/jwks.json", "/large") else 404
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async with served(app) as url:
        yield url


async def test_keys_are_fetched_over_http(published: str) -> None:
    keys = KeySet(partial(jwks.fetch, f"{published}/jwks.json"))
    assert await keys.find("rsa") is not None


@pytest.mark.parametrize("path", ["/none", "/large"])
async def test_an_address_that_does_not_serve_keys_is_a_failure(published: str, path: str) -> None:
    with pytest.raises(Failure):
        await KeySet(partial(jwks.fetch, published + path)).find("ed")
