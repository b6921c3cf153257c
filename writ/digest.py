"""Digests: SHA-256 over the one canonical JSON form of a value (RFC 8785), so that equal values have equal digests."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import rfc8785

PREFIX = "sha256:"

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def canonical(value: Any) -> bytes:
    """The canonical JSON of a wire value; ValueError where it has none (NaN, integers beyond 2^53, lone surrogates)."""
    return rfc8785.dumps(value)


def digest(value: Any) -> str:
    """`sha256:` and 64 hexadecimal digits over the canonical JSON of a wire value; ValueError as in `canonical`."""
    return digest_of(canonical(value))


def digest_of(data: bytes) -> str:
    """`sha256:` and 64 hexadecimal digits over bytes."""
    return PREFIX + hashlib.sha256(data).hexdigest()


def is_digest(text: str) -> bool:
    """Whether `text` has the form of a digest."""
    return _DIGEST.fullmatch(text) is not None
