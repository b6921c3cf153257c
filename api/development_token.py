"""Tokens for one machine, signed with the development key. Production refuses that key, and so these tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jwt

from api.verification_keys import DEVELOPMENT_KEY_ID

if TYPE_CHECKING:
    from settings import Settings


def mint(
    *,
    secret: str,
    issuer: str,
    audience: str,
    subject: str,
    roles: Sequence[str] = (),
    claims: Mapping[str, Any] | None = None,
    lifetime: timedelta = timedelta(hours=1),
    roles_claim: str = "roles",
) -> str:
    """A token for `subject` with `roles`, valid from now on. `claims` cannot replace the registered ones."""
    now = datetime.now(UTC)
    registered = {"iss": issuer, "aud": audience, "sub": subject, "iat": now, "exp": now + lifetime}
    all_claims = {**(claims or {}), roles_claim: list(roles), **registered}
    return jwt.encode(all_claims, secret, "HS256", headers={"kid": DEVELOPMENT_KEY_ID})


def mint_from(settings: Settings, subject: str, roles: Sequence[str], lifetime: timedelta = timedelta(hours=1)) -> str:
    """A token as `settings` would verify it; ValueError where they have no development key."""
    if settings.development_key is None:
        raise ValueError("there is no development key: tokens come from your issuer")
    return mint(
        secret=settings.development_key.get_secret_value(),
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        subject=subject,
        roles=roles,
        lifetime=lifetime,
        roles_claim=settings.jwt_roles_claim,
    )
