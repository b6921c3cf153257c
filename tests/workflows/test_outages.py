from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from activities.postgres import connect_pool
from embedded.engines import Engines
from tests.conftest import until
from tests.workflows.conftest import Runs
from writ.registry import Registry


class Line:
    """The way to PostgreSQL, which can be cut and mended."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._up = True
        self._open: set[asyncio.StreamWriter] = set()
        self.refused = 0

    def cut(self) -> None:
        self._up = False
        for writer in self._open:
            writer.transport.abort()

    def mend(self) -> None:
        self._up = True

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._up:
            self.refused += 1
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_unix_connection(self._target)
        ends = {writer, far_writer}
        self._open |= ends
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer), return_exceptions=True)
        self._open -= ends


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    finally:
        target.close()


def socket_of(database_url: str) -> Path:
    """The socket that the embedded PostgreSQL listens on."""
    [socket] = Path(parse_qs(urlsplit(database_url).query)["host"][0]).glob(".s.PGSQL.*[0-9]")
    return socket


@asynccontextmanager
async def line_to(database_url: str, folder: Path) -> AsyncIterator[tuple[Line, Path]]:
    socket = socket_of(database_url)
    line = Line(str(socket))
    server = await asyncio.start_unix_server(line.carry, folder / socket.name)
    try:
        yield line, folder
    finally:
        line.cut()
        server.close()


async def test_a_run_resumes_when_postgresql_is_back(queue: Runs, engines: Engines, short_folder: Path) -> None:
    registry = Registry()
    registry.add(queue.app.release.digest, queue.app.release)
    async with line_to(engines.database_url, short_folder) as (line, folder):
        there = str(socket_of(engines.database_url).parent)
        pool = await connect_pool(engines.database_url.replace(there, str(folder)), size=2)
        through = Runs(queue.client, queue.task_queue, queue.app, pool)
        async with through.worker(registry):
            line.cut()
            handle = await through.start("book", {"slot": await queue.app.slot()})
            await until(lambda: line.refused >= 2)
            line.mend()
            outcome = await handle.result()
        pool.terminate()
    assert outcome.outcome == "answered"
    assert len(await queue.app.appointments()) == 1
    assert (await queue.audit(handle.id))["outcome"] == "answered"
