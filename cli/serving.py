"""The API as a process runs it: its parts opened in order, a socket of its own, and a good end."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from temporalio.service import RPCError

from activities.postgres import Pool, connect_pool
from activities.postgres_errors import translated
from activities.releases import Releases
from api.app import create_app
from api.auth import TokenVerifier
from cli.endings import CannotGoOn
from worker import connect_temporal
from writ.effects import Failure
from writ.registry import Registry

if TYPE_CHECKING:
    from temporalio.client import Client

    from settings import Settings

_LOG = logging.getLogger("writ.api")
_ASK_AGAIN_SECONDS = 1.0
_GRACE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Parts:
    """What the API stands on; a worker in the same process stands on the same."""

    client: Client
    pool: Pool
    registry: Registry
    releases: Releases


@asynccontextmanager
async def open_parts(settings: Settings, stop: asyncio.Event) -> AsyncIterator[Parts | None]:
    """The parts, once both engines are there; None when `stop` came first."""
    opened = await _until(stop, settings)
    if opened is None:
        yield None
        return
    client, pool = opened
    registry = Registry()
    try:
        releases = Releases(settings.require_database(), registry, encrypts=settings.history_keys is not None)
        entering = asyncio.create_task(releases.__aenter__())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({entering, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        try:
            if not entering.done():
                entering.cancel()
                yield None
            else:
                entering.result()
                yield Parts(client, pool, registry, releases)
        finally:
            await releases.__aexit__(None, None, None)
    finally:
        await pool.close()


async def _until(stop: asyncio.Event, settings: Settings) -> tuple[Client, Pool] | None:
    """The two connections; while an engine is away it is asked again every second, and said why."""
    said = ""
    while not stop.is_set():
        try:
            return await _connect(settings)
        except (Failure, RuntimeError, RPCError) as error:
            reason = str(error).splitlines()[0]
            if reason != said:
                _LOG.warning("waiting for the engines: %s", reason)
            said = reason
        try:
            await asyncio.wait_for(stop.wait(), _ASK_AGAIN_SECONDS)
        except TimeoutError:
            continue
    return None


async def _connect(settings: Settings) -> tuple[Client, Pool]:
    client = await connect_temporal(settings)
    with translated():
        pool = await connect_pool(
            settings.require_database(),
            smallest=settings.database_pool_min,
            size=settings.database_pool_max,
            application="writ api",
        )
    return client, pool


def listen(settings: Settings, *, anywhere: bool = False) -> socket.socket:
    """The socket of the API; with `anywhere` a free port where the wanted one is taken. CannotGoOn when it is."""
    host, port = settings.api_host, settings.api_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Said to be TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms for an acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        try:
            listening.bind((host, port))
        except OSError as error:
            if not anywhere or error.errno != errno.EADDRINUSE:
                raise
            listening.bind((host, 0))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        help = "`WRIT_API_HOST` and `WRIT_API_PORT` choose another"
        raise CannotGoOn(
            f"the API cannot listen on {host}:{port}: {(error.strerror or str(error)).lower()}", help
        ) from error
    return listening


async def serve_api(parts: Parts, settings: Settings, listening: socket.socket, stop: asyncio.Event) -> None:
    """Answer requests until `stop` is set, then finish those that have begun, for at most 10 s."""
    app = create_app(
        settings=settings,
        client=parts.client,
        pool=parts.pool,
        releases=parts.releases,
        registry=parts.registry,
        verifier=TokenVerifier.from_settings(settings),
    )
    config = uvicorn.Config(
        app,
        http="httptools",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.should_exit = True
    await serving


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Whoever runs us hears the signals: a worker in the same process has to end as well.
        yield
