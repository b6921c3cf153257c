"""The key of development tokens: one per checkout, made on first use, readable by its user alone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from cli.endings import CannotGoOn
from cli.secret_file import read_or_make

if TYPE_CHECKING:
    from settings import Settings

FILE = "development-key"


def with_development_key(settings: Settings) -> Settings:
    """`settings` with a development key: theirs, else that of the checkout. Production is refused (CannotGoOn)."""
    if settings.environment == "production":
        raise CannotGoOn(
            "there are no development tokens in production (`WRIT_ENVIRONMENT` is `production`)",
            "take a token from your issuer",
        )
    if settings.development_key is not None:
        return settings
    key = SecretStr(_of_checkout(settings.data_folder))
    return settings.model_copy(update={"development_key": key})


def with_some_key(settings: Settings) -> Settings:
    """`settings` that can verify tokens: as they are where they name keys or are for production, else with our key."""
    if settings.environment == "production" or settings.jwt_jwks_url or settings.jwt_jwks_file:
        return settings
    return with_development_key(settings)


def mint(subject: str, roles: Sequence[str], lifetime: timedelta, claims: Mapping[str, Any] | None = None) -> str:
    """A token that the API of this checkout accepts; CannotGoOn in production, and where no API could be."""
    from api.development_token import mint as signed
    from settings import Settings

    settings = Settings()
    _require_place(settings)
    settings = with_development_key(settings)
    key = settings.development_key or SecretStr("")
    return signed(
        secret=key.get_secret_value(),
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        subject=subject,
        roles=roles,
        claims=claims,
        lifetime=lifetime,
        roles_claim=settings.jwt_roles_claim,
    )


def _require_place(settings: Settings) -> None:
    """A key that is made where nothing else is would sign tokens that nobody accepts."""
    places = (settings.data_folder, settings.specs_folder)
    if settings.development_key is None and not any(place.is_dir() for place in places):
        raise CannotGoOn(
            f"this is not a folder of Writ: it has neither `{places[0]}` nor `{places[1]}`",
            f"go to the one where `writ dev` runs, or make one of this: `writ new {places[1]}/my_app`",
        )


def _of_checkout(data_folder: Path) -> str:
    path = data_folder / FILE
    instead = "set `WRIT_DEVELOPMENT_KEY`, or another folder with `WRIT_DATA_FOLDER`"
    key = read_or_make(path, lambda: secrets.token_hex(32), what="development key", instead=instead)
    if len(key) < 32:
        raise CannotGoOn(
            f"the development key `{path}` is damaged", "remove the file; the next command makes a new one"
        )
    return key
