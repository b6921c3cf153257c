"""Every setting of Writ, read from environment variables: the one place that knows their names.

A setting that is missing or wrong is reported with its variable's name and the way out (`BadSettings`).
"""

from __future__ import annotations

import os
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from writ.problems import did_you_mean

PREFIX = "WRIT_"
SHORTEST_KEY_BYTES = 32  # HS256: RFC 7518, section 3.2
HISTORY_KEY_BYTES = 32  # AES-256
_MAKE_A_KEY = "make one with `openssl rand -base64 32`"
_OR_EMBEDDED = "set it, or start everything on this machine with `writ dev`"


class BadSettings(Exception):
    """Settings that are missing or wrong, one line each."""


class Settings(BaseSettings):
    """All settings; `Settings()` reads the environment and raises BadSettings.

    An empty variable counts as not set, as Docker Compose passes those that it does not know.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", populate_by_name=True
    )

    environment: Literal["development", "production"] = Field(
        default="development", description="`production` refuses the development key."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe messages that are logged."
    )
    specs_folder: Path = Field(default=Path("specs"), description="The folder that holds one folder per app.")
    data_folder: Path = Field(default=Path(".writ"), description="Where the embedded engines keep their data and logs.")

    database_url: str | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        repr=False,
        description="PostgreSQL as the application's role, which owns no table and cannot bypass row-level security. "
        "Not set: the embedded PostgreSQL.",
    )
    publish_database_url: str | None = Field(
        default=None,
        repr=False,
        description="PostgreSQL as the role that owns the tables. Needed by `writ publish` alone.",
    )
    database_pool_min: int = Field(default=2, ge=0, le=1000, description="Connections a process keeps open when idle.")
    database_pool_max: int = Field(default=10, ge=1, le=1000, description="The most connections a process opens.")

    temporal_address: str | None = Field(
        default=None,
        validation_alias="TEMPORAL_ADDRESS",
        description="`host:port` of the Temporal server. Not set: the embedded one.",
    )
    temporal_namespace: str = Field(default="default", min_length=1, description="The Temporal namespace of all runs.")
    temporal_tls: bool = Field(
        default=False, description="Speak TLS with Temporal; implied by an API key or a client certificate."
    )
    temporal_api_key: SecretStr | None = Field(default=None, description="The API key for Temporal, if it wants one.")
    temporal_client_cert: Path | None = Field(
        default=None, description="The file with the client certificate for Temporal (PEM), if it wants one."
    )
    temporal_client_key: Path | None = Field(
        default=None, description="The file with the private key of the client certificate (PEM)."
    )
    temporal_server_ca: Path | None = Field(
        default=None, description="The file with the authority that signed Temporal's certificate (PEM)."
    )
    history_keys: SecretStr | None = Field(
        default=None,
        description="The keys that encrypt what Temporal keeps of runs, `name:base64` and 32 bytes each, separated by "
        "commas: the first encrypts, all decrypt. Not set with the embedded Temporal: a key of its data folder.",
    )
    task_queue: str = Field(default="writ", min_length=1, description="The task queue that the workers serve.")

    reconcile_seconds: float = Field(
        default=60.0,
        gt=0,
        le=86_400,
        description="How often a worker looks for runs that were terminated or timed out and writes their audit rows; "
        "it leaves them alone for as long, so that a transaction still under way is told of.",
    )

    api_host: str = Field(default="127.0.0.1", min_length=1, description="The address the API listens on.")
    api_port: int = Field(default=8080, ge=0, le=65_535, description="The port the API listens on; 0: any free one.")
    max_body_bytes: int = Field(default=1024 * 1024, ge=1, description="The largest request body, in bytes.")
    answer_within_seconds: float = Field(
        default=10.0, gt=0, le=300, description="How long the API waits for a run before it answers without its result."
    )

    jwt_issuer: str = Field(default="writ", min_length=1, description="The `iss` that every token must carry.")
    jwt_audience: str = Field(default="writ", min_length=1, description="The `aud` that every token must carry.")
    jwt_roles_claim: str = Field(
        default="roles", min_length=1, description="The claim that lists the roles of the principal, by its whole name."
    )
    jwt_jwks_url: str | None = Field(
        default=None, description="Where the public keys (JWKS) of the issuer are fetched from: an https URL."
    )
    jwt_jwks_file: Path | None = Field(default=None, description="The file with the public keys (JWKS) of the issuer.")
    development_key: SecretStr | None = Field(
        default=None,
        description="The HS256 key of development tokens, at least 32 bytes; refused in production.",
    )

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise BadSettings("\n".join(_line(each["loc"], each["msg"]) for each in error.errors())) from None

    @field_validator("database_url", "publish_database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        # Never the URL itself in the message: it holds a password.
        if url is not None and not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("has to begin with `postgresql://`")
        return url

    @field_validator("temporal_address")
    @classmethod
    def _is_host_and_port(cls, address: str | None) -> str | None:
        if address is not None and not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^\s/:]+):\d{1,5}", address):
            raise ValueError(f"is `{address}`, has to be `host:port`, such as `temporal:7233`")
        return address

    @field_validator("development_key")
    @classmethod
    def _is_long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value().encode()) < SHORTEST_KEY_BYTES:
            raise ValueError(f"is shorter than {SHORTEST_KEY_BYTES} bytes; make one with `openssl rand -hex 32`")
        return key

    @field_validator("history_keys")
    @classmethod
    def _are_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None:
            _keys_by_name(keys.get_secret_value())
        return keys

    @field_validator("jwt_jwks_url")
    @classmethod
    def _is_web_address(cls, url: str | None) -> str | None:
        if url is not None and (urlsplit(url).scheme not in ("https", "http") or not urlsplit(url).hostname):
            raise ValueError("has to be an `https://` URL")
        return url

    @model_validator(mode="after")
    def _fit_together(self) -> Settings:
        if self.database_pool_min > self.database_pool_max:
            raise ValueError(f"{_both('database_pool_min', 'database_pool_max')}: the first is larger than the second")
        if (self.temporal_client_cert is None) != (self.temporal_client_key is None):
            raise ValueError(
                f"{_both('temporal_client_cert', 'temporal_client_key')} belong together: set both or none"
            )
        if self.jwt_jwks_url is not None and self.jwt_jwks_file is not None:
            raise ValueError(f"{_both('jwt_jwks_url', 'jwt_jwks_file')} exclude each other: set one")
        if self.environment == "production":
            self._fit_for_production()
        return self

    def _fit_for_production(self) -> None:
        if self.development_key is not None:
            raise ValueError(
                f"`{variable('development_key')}` is refused in production: unset it, and set "
                f"`{variable('jwt_jwks_url')}` or `{variable('jwt_jwks_file')}`"
            )
        if self.jwt_jwks_url is not None and urlsplit(self.jwt_jwks_url).scheme != "https":
            raise ValueError(f"`{variable('jwt_jwks_url')}` has to be an `https://` URL in production")

    @property
    def temporal_uses_tls(self) -> bool:
        """Whether to speak TLS with Temporal: asked for, or implied by a credential."""
        credentials = (self.temporal_api_key, self.temporal_client_cert, self.temporal_server_ca)
        return self.temporal_tls or any(credential is not None for credential in credentials)

    def keys_of_histories(self) -> dict[str, bytes]:
        """The keys of encrypted histories by name, the one that encrypts first; empty when nothing is encrypted."""
        return _keys_by_name(self.history_keys.get_secret_value()) if self.history_keys is not None else {}

    def require_database(self) -> str:
        """The URL of the application's role; raises BadSettings."""
        return self._require("database_url", _OR_EMBEDDED)

    def require_publish_database(self) -> str:
        """The URL of the role that owns the tables; raises BadSettings."""
        return self._require("publish_database_url", "set it to a URL of the role that owns the tables")

    def require_temporal(self) -> str:
        """`host:port` of the Temporal server; raises BadSettings."""
        return self._require("temporal_address", _OR_EMBEDDED)

    def require_token_keys(self) -> None:
        """Raises BadSettings when no token could ever be verified."""
        if self.jwt_jwks_url is None and self.jwt_jwks_file is None and self.development_key is None:
            raise BadSettings(
                f"`{variable('jwt_jwks_url')}` is not set: set it or `{variable('jwt_jwks_file')}`"
                + ("" if self.environment == "production" else f", or `{variable('development_key')}` in development")
            )
        if self.environment == "production" and "jwt_issuer" not in self.model_fields_set:
            raise BadSettings(f"`{variable('jwt_issuer')}` is not set: production names whose tokens it trusts")

    def _require(self, field: str, way_out: str) -> str:
        value: str | None = getattr(self, field)
        if value is None:
            raise BadSettings(f"`{variable(field)}` is not set: {way_out}")
        return value


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable, for the documentation: its default is text, empty when there is none."""

    name: str
    field: str
    default: str
    description: str


@dataclass(frozen=True, slots=True)
class UnknownVariable:
    """A variable that looks like ours and is read by nobody; `help` names the one that was probably meant."""

    name: str
    help: str


def variable(field: str) -> str:
    """The environment variable of a field of Settings."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"{PREFIX}{field.upper()}"


def variables() -> tuple[Variable, ...]:
    """All environment variables, in the order of Settings."""
    return tuple(
        Variable(variable(name), name, "" if field.default is None else str(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    )


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[UnknownVariable]:
    """The variables of `environment` that begin with `WRIT_` and mean nothing, by name."""
    known = {each.name for each in variables()}
    strange = sorted(name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in known)
    return [UnknownVariable(name, did_you_mean(name.upper(), known)) for name in strange]


def _keys_by_name(text: str) -> dict[str, bytes]:
    """Never a piece of the text in the message: it could be a piece of a key."""
    found: dict[str, bytes] = {}
    for number, each in enumerate(text.split(","), 1):
        name, colon, encoded = each.strip().partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", name):
            raise ValueError(
                f"names its key {number} wrongly, has to be `name:base64`, the name of `A-Z a-z 0-9 . _ -`"
            )
        try:
            key = b64decode(encoded, validate=True)
        except ValueError:
            raise ValueError(f"holds as key {number} what is not base64; {_MAKE_A_KEY}") from None
        if len(key) != HISTORY_KEY_BYTES:
            raise ValueError(f"holds as key {number} one that has not {HISTORY_KEY_BYTES} bytes; {_MAKE_A_KEY}")
        if name in found:
            raise ValueError(f"names its key {number} like one before; every key needs a name of its own")
        found[name] = key
    return found


def _line(place: tuple[int | str, ...], message: str) -> str:
    if not place:  # a rule over several settings: its message names them
        return _in_our_words(message)
    name = str(place[0])
    fields = {each.name: each.name for each in variables()} | {each.field: each.name for each in variables()}
    if name not in fields:
        return f"`{name}` is not a setting; {did_you_mean(name, Settings.model_fields)}"
    return f"`{fields[name]}` {_in_our_words(message)}"


def _in_our_words(reason: str) -> str:
    return reason.removeprefix("Value error, ").replace("Input should be", "has to be").replace("'", "`")


def _both(first: str, second: str) -> str:
    return f"`{variable(first)}` and `{variable(second)}`"
