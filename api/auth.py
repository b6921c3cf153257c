"""Who calls: bearer tokens (JWT) verified into principals. Every way to be wrong has the same answer."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import jwt
from starlette.requests import Request

from activities import jwks
from api.refusals import DoorRefused
from api.verification_keys import DevelopmentKey, Keys, KeySet, VerificationKey
from writ.effects import Principal
from writ.representable import unrepresentable

if TYPE_CHECKING:
    from settings import Settings

LEEWAY_SECONDS = 5
LONGEST_TOKEN = 16 * 1024
MOST_REMEMBERED = 4096
REMEMBERED_SECONDS = 60.0
"""How long a verified token is not verified again, so that a withdrawn key stops working soon."""

_REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
# What reading a token can raise that somebody else made: also an expiry that is a list, or larger than any number.
_NOT_A_TOKEN = (jwt.PyJWTError, ValueError, TypeError, ArithmeticError, RecursionError)
_TYPES = frozenset({"jwt", "at+jwt"})


@dataclass(frozen=True, slots=True)
class _Remembered:
    principal: Principal
    until: float


class TokenVerifier:
    """Verifies tokens for one issuer and audience. `clock` gives monotonic seconds and bounds what is remembered."""

    def __init__(
        self,
        *,
        keys: Keys,
        issuer: str,
        audience: str,
        roles_claim: str = "roles",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._roles_claim = roles_claim
        self._clock = clock
        self._remembered: OrderedDict[bytes, _Remembered] = OrderedDict()

    @classmethod
    def from_settings(cls, settings: Settings) -> TokenVerifier:
        """The verifier that `settings` ask for; BadSettings where no token could ever be verified."""
        settings.require_token_keys()
        return cls(
            keys=_keys(settings),
            issuer=settings.jwt_issuer,
            audience=settings.jwt_audience,
            roles_claim=settings.jwt_roles_claim,
        )

    async def principal_of(self, request: Request) -> Principal:
        """The principal of a request; DoorRefused (401) without a valid token, Failure when that cannot be told."""
        given = request.headers.getlist("authorization")
        scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        if scheme.lower() != "bearer":
            raise DoorRefused("unauthenticated")
        return await self.verify(token.strip())

    async def verify(self, token: str) -> Principal:
        """The principal a token stands for; DoorRefused (401) where it is invalid, Failure when that cannot be told."""
        name = sha256(token.encode("utf-8", "surrogatepass")).digest()
        remembered = self._remembered.get(name)
        if remembered is not None and self._clock() < remembered.until:
            return remembered.principal
        try:
            claims = await self._claims(token)
            principal = self._principal(claims)
            seconds_left = float(claims["exp"]) - time.time()
        except _NOT_A_TOKEN:
            raise DoorRefused("unauthenticated") from None
        self._remember(name, principal, seconds_left)
        return principal

    async def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise ValueError("the token is too long")
        header = jwt.get_unverified_header(token)
        key = await self._keys.find(header.get("kid"))
        if key is None or str(header.get("typ", "JWT")).lower().removeprefix("application/") not in _TYPES:
            raise ValueError("the token names an unknown key or is of another kind")
        return self._decode(token, key)

    def _decode(self, token: str, key: VerificationKey) -> dict[str, Any]:
        return jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm],
            issuer=self._issuer,
            audience=self._audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "aud", "exp", "sub"], "enforce_minimum_key_length": True},
        )

    def _principal(self, claims: dict[str, Any]) -> Principal:
        subject, roles = claims["sub"], claims.get(self._roles_claim, [])
        if not subject or len(subject) > 255 or not subject.isprintable():
            raise ValueError("the subject is empty, too long or cannot be printed")
        if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
            raise ValueError("the roles are not a list of texts")
        others = {name: value for name, value in claims.items() if name not in _REGISTERED | {self._roles_claim}}
        if unrepresentable([others, roles]):
            raise ValueError("claims travel with the run, and these could not")
        return Principal(subject=subject, roles=tuple(dict.fromkeys(roles)), claims=others)

    def _remember(self, name: bytes, principal: Principal, seconds_left: float) -> None:
        # Within the leeway a token is still good, but no longer worth remembering.
        until = self._clock() + min(seconds_left, REMEMBERED_SECONDS)
        self._remembered[name] = _Remembered(principal, until)
        self._remembered.move_to_end(name)
        while len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)


def _keys(settings: Settings) -> Keys:
    public: Keys | None = None
    if settings.jwt_jwks_url is not None:
        public = KeySet(partial(jwks.fetch, settings.jwt_jwks_url))
    elif settings.jwt_jwks_file is not None:
        public = KeySet(partial(jwks.read, settings.jwt_jwks_file))
    if settings.development_key is not None and settings.environment == "development":
        return DevelopmentKey(settings.development_key.get_secret_value(), beside=public)
    if public is None:
        raise ValueError("there is no key to verify tokens with")
    return public
