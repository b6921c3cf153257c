"""Encrypted histories: each payload sealed with AES-256-GCM under a key that is known by its name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from writ.effects import Failure

ENCODING = b"binary/encrypted"
KEY_BYTES = 32
SHOWN = "writ-shown"
"""Metadata of a payload that is to stay readable. It is taken off before anything is stored."""

_KEY_ID = "encryption-key-id"
_NONCE_BYTES = 12  # NIST SP 800-38D, section 8.2


class Unreadable(Failure):
    """A payload cannot be decrypted here; the message names the key, never what the payload holds."""

    def __init__(self, message: str) -> None:
        super().__init__("permanent", message)


class HistoryCodec(PayloadCodec):
    """Encrypts with the first of the keys, decrypts with any of them; payloads in clear are read as they are.

    Without keys it leaves everything in clear, and still tells what it cannot read from what makes no sense.

    A sealed payload tells its key's name, to which it is bound. It is not bound to its run: whoever can write into
    Temporal could put a payload in clear in its place, so this keeps secrets and proves no origin.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = {name: AESGCM(_of_full_length(key)) for name, key in keys.items()}
        self._name = next(iter(keys), "")
        self._metadata = {"encoding": ENCODING, _KEY_ID: self._name.encode()}

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Sealed payloads, in order."""
        return [self._seal(payload) for payload in payloads] if self._keys else list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """What was sealed, in order; Unreadable."""
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        if SHOWN in payload.metadata:
            kept = {name: value for name, value in payload.metadata.items() if name != SHOWN}
            return Payload(metadata=kept, data=payload.data)
        # By chance, not counted: workers know nothing of each other's. That is safe for 2^32 payloads of one key.
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._keys[self._name].encrypt(nonce, payload.SerializeToString(), _bound_to(self._name))
        return Payload(metadata=self._metadata, data=nonce + sealed)

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        name = payload.metadata.get(_KEY_ID, b"").decode(errors="replace")
        key = self._keys.get(name)
        if key is None:
            raise Unreadable(f"a payload is encrypted with the history key `{name}`, which is not known here")
        nonce, sealed = payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:]
        try:
            return Payload.FromString(key.decrypt(nonce, sealed, _bound_to(name)))
        except (InvalidTag, ValueError):
            # Not the cause: nothing more can be said, and its text is not ours.
            raise Unreadable(
                f"a payload does not open with the history key `{name}`: it is another key of that name, or the "
                "payload was changed"
            ) from None


def _bound_to(name: str) -> bytes:
    return ENCODING + b":" + name.encode()


def _of_full_length(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a history key has {KEY_BYTES} bytes")
    return key
