"""Fetching the public keys of whoever issues tokens (JWKS, RFC 7517)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from writ.effects import Failure

TIMEOUT_SECONDS = 3.0
LARGEST_BYTES = 256 * 1024


async def fetch(url: str) -> bytes:
    """The document at `url`; Failure (retryable) when it is not there within `TIMEOUT_SECONDS`. Follows no redirect."""
    try:
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client,
            client.stream("GET", url, headers={"Accept": "application/json"}) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise Failure("retryable", f"the key set at `{url}` answers with status {response.status_code}")
            return await _bounded(response, url)
    except (httpx.HTTPError, TimeoutError, OSError) as error:
        reason = str(error) or type(error).__name__
        raise Failure("retryable", f"the key set at `{url}` cannot be fetched: {reason}") from error


async def read(file: Path) -> bytes:
    """The content of `file`; Failure (retryable) when it cannot be read."""
    try:
        return await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        raise Failure("retryable", f"the key set `{file}` cannot be read: {error.strerror}") from error


async def _bounded(response: httpx.Response, url: str) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > LARGEST_BYTES:
            raise Failure("retryable", f"the key set at `{url}` is larger than {LARGEST_BYTES} bytes")
    return bytes(content)
