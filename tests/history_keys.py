"""Keys of histories as tests use them: fixed, so that what one process encrypts another one reads."""

from __future__ import annotations

from base64 import b64encode

KEYS = {"test": bytes(range(32))}
OTHER_KEYS = {"other": bytes(range(32, 64))}


def as_setting(keys: dict[str, bytes]) -> str:
    """What `WRIT_HISTORY_KEYS` would be."""
    return ",".join(f"{name}:{b64encode(key).decode()}" for name, key in keys.items())
