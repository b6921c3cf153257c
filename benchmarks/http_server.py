"""An ASGI app over real HTTP, served as the API of Writ is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn


async def serve_until(stop: asyncio.Event, app: Any, port: int) -> None:
    """Answer requests until `stop` is set."""
    config = uvicorn.Config(
        app, port=port, http="httptools", lifespan="off", access_log=False, log_config=None, server_header=False
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    await stop.wait()
    server.should_exit = True
    await serving


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Whoever runs us hears the signals: the worker beside it has to end as well.
        yield
