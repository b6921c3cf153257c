"""The key of encrypted histories where Temporal is the embedded one: it lies beside the histories and is made once."""

from __future__ import annotations

import secrets
from base64 import b64encode
from typing import TYPE_CHECKING

from pydantic import SecretStr

from cli.endings import CannotGoOn
from cli.secret_file import read_or_make

if TYPE_CHECKING:
    from settings import Settings

FILE = "history-keys"


def with_history_key(settings: Settings) -> Settings:
    """`settings` over the embedded Temporal with keys of histories: theirs, else those of the data folder.

    Production gets none made: there, a key that nobody has set is one that nobody keeps. CannotGoOn where the file is
    not usable.
    """
    if settings.history_keys is not None or settings.environment == "production":
        return settings
    path = settings.data_folder / FILE
    instead = "set `WRIT_HISTORY_KEYS`, or another folder with `WRIT_DATA_FOLDER`"
    keys = SecretStr(read_or_make(path, new_key, what="history key", instead=instead))
    found = settings.model_copy(update={"history_keys": keys})
    try:
        found.keys_of_histories()
    except ValueError as error:
        lost = "take it from a backup, histories that it encrypted are lost without it; without the file a key is made"
        raise CannotGoOn(f"the history key `{path}` is damaged: the file {error}", lost) from error
    return found


def has_history_key(settings: Settings) -> bool:
    """Whether commands with these settings encrypt: with keys of their own, or over the embedded Temporal."""
    embedded = settings.temporal_address is None and settings.environment != "production"
    return settings.history_keys is not None or embedded


def new_key() -> str:
    """A new key with a name of its own, as `WRIT_HISTORY_KEYS` takes it."""
    return f"local-{secrets.token_hex(4)}:{b64encode(secrets.token_bytes(32)).decode()}"
