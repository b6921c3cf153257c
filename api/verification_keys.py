"""The keys tokens are verified with. Each has one algorithm, fixed by what it is and never by what a token says."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jwt
from jwt.api_jwk import PyJWK

from writ.effects import Failure

_log = logging.getLogger(__name__)

DEVELOPMENT_KEY_ID = "development"
REFRESH_SECONDS = 30.0
"""How long an unknown key id does not lead to fetching again."""
RETRY_SECONDS = 2.0
"""How long a failed fetch is not tried again."""
MAX_AGE_SECONDS = 600.0
"""After this time keys are fetched again though all are known, so that a withdrawn key is forgotten."""

_SHORTEST_RSA_BITS = 2048
_ALGORITHMS: Mapping[tuple[str, str | None], str] = {("OKP", "Ed25519"): "EdDSA", ("RSA", None): "RS256"}


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A key and the one algorithm it is good for."""

    key: Any
    algorithm: str


class Keys(Protocol):
    """Where the verifier looks for the key a token names."""

    async def find(self, key_id: str | None) -> VerificationKey | None:
        """The key, None when there is none of that id; Failure (retryable) when that cannot be told."""


class DevelopmentKey:
    """One HS256 secret, for one machine. `beside`: other keys that are known as well."""

    def __init__(self, secret: str, beside: Keys | None = None) -> None:
        self._key = VerificationKey(secret.encode(), "HS256")
        self._beside = beside

    async def find(self, key_id: str | None) -> VerificationKey | None:
        if key_id == DEVELOPMENT_KEY_ID or (key_id is None and self._beside is None):
            return self._key
        return await self._beside.find(key_id) if self._beside is not None else None


class KeySet:
    """The public keys of an issuer, fetched when first needed, when a key id is unknown and when they are old.

    While the issuer cannot be reached, the keys fetched last stay valid. `clock` gives monotonic seconds.
    """

    def __init__(self, fetch: Callable[[], Awaitable[bytes]], clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str | None, VerificationKey] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._failure: Failure | None = None
        self._one_at_a_time = asyncio.Lock()

    async def find(self, key_id: str | None) -> VerificationKey | None:
        if self._is_old():
            await self._refresh(self._is_old)
        found = self._keys.get(key_id)
        if found is None:
            await self._refresh(lambda: key_id not in self._keys)
            found = self._keys.get(key_id)
        if found is None and self._failure is not None:
            raise self._failure
        return found

    def _is_old(self) -> bool:
        return self._fetched_at is None or self._clock() - self._fetched_at > MAX_AGE_SECONDS

    async def _refresh(self, still_needed: Callable[[], bool]) -> None:
        async with self._one_at_a_time:
            pause = REFRESH_SECONDS if self._failure is None else RETRY_SECONDS
            too_soon = self._tried_at is not None and self._clock() - self._tried_at < pause
            if still_needed() and not too_soon:
                await self._load()

    async def _load(self) -> None:
        try:
            self._keys = parse_key_set(await self._fetch())
        except Failure as failure:
            _log.warning("%s", failure.message)
            self._failure = failure
        else:
            self._failure = None
            self._fetched_at = self._clock()
        finally:
            self._tried_at = self._clock()


def parse_key_set(document: bytes) -> dict[str | None, VerificationKey]:
    """The usable signature keys of a JWKS by key id; the only one also stands under None, for tokens that name none.

    Failure (retryable) where the document is not a JWKS. Keys of other kinds are left out, symmetric ones above all.
    """
    try:
        entries = json.loads(document)["keys"]
        found = {entry.get("kid"): key for entry in entries if _is_named(entry) and (key := _key(entry)) is not None}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Failure("retryable", "the key set is not a JWKS document") from error
    if len(found) == 1:
        found[None] = next(iter(found.values()))
    return found


def _is_named(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry.get("kid", ""), str)


def _key(entry: Mapping[str, Any]) -> VerificationKey | None:
    kind = entry.get("kty")
    algorithm = _ALGORITHMS.get((str(kind), entry.get("crv") if kind == "OKP" else None))
    if algorithm is None or entry.get("use", "sig") != "sig" or entry.get("alg", algorithm) != algorithm:
        return None
    try:
        key = PyJWK(dict(entry), algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        _log.warning("a key of the key set is left out: %s", type(error).__name__)
        return None
    if algorithm == "RS256" and key.key_size < _SHORTEST_RSA_BITS:
        _log.warning("an RSA key of the key set is left out: it is shorter than %d bits", _SHORTEST_RSA_BITS)
        return None
    return VerificationKey(key, algorithm)
