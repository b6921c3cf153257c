"""The servers of the benchmarks, each a process of its own: `python -m benchmarks.server handwritten|naive|traced`."""

from __future__ import annotations

import asyncio
import logging
import sys
from functools import partial

from temporalio.client import Client

from activities.postgres import connect_pool
from api.auth import TokenVerifier
from benchmarks import traced
from benchmarks.booking_sql import booking_sql, clinic
from benchmarks.http_server import serve_until
from benchmarks.rivals import handwritten, naive
from benchmarks.rivals.booking_api import create_app
from cli.processes import run_until_signalled
from settings import Settings
from worker import connect_temporal

_LOG = logging.getLogger("benchmarks")


async def _handwritten(settings: Settings, stop: asyncio.Event) -> None:
    client, queue = await connect_temporal(settings), settings.task_queue
    pool = await connect_pool(settings.require_database(), smallest=settings.database_pool_min)
    _, release = clinic()
    nothing = partial(handwritten.run_empty, client, queue)
    app = create_app(TokenVerifier.from_settings(settings), handwritten.booker(client, queue), nothing)
    async with pool, handwritten.make_worker(client, queue, pool, booking_sql(release)):
        _LOG.info("taking runs")
        await serve_until(stop, app, settings.api_port)


async def _naive(settings: Settings, stop: asyncio.Event) -> None:
    client, queue = await Client.connect(settings.require_temporal()), settings.task_queue
    pool = await connect_pool(settings.require_database(), smallest=settings.database_pool_min)
    _, release = clinic()
    app = create_app(TokenVerifier.from_settings(settings), naive.booker(client, queue), partial(asyncio.sleep, 0))
    async with pool, naive.make_worker(client, queue, pool, booking_sql(release)):
        _LOG.info("taking runs")
        await serve_until(stop, app, settings.api_port)


_KINDS = {"handwritten": _handwritten, "naive": _naive, "traced": traced.serve}


def main(kind: str) -> None:
    """Serve until SIGTERM."""
    settings = Settings()
    logging.basicConfig(level="INFO", stream=sys.stderr)
    run_until_signalled(partial(_KINDS[kind], settings))


if __name__ == "__main__":
    main(sys.argv[1])
