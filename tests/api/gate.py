"""A gate before an engine: bytes pass, or nobody gets in, or nothing comes back. The engine runs on for other tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Gate:
    """Listens with `listen`, and passes on to what `connect` connects to."""

    def __init__(
        self,
        listen: Callable[[Callable[..., Awaitable[None]]], Awaitable[asyncio.Server]],
        connect: Callable[[], Awaitable[Streams]],
    ) -> None:
        self._listen = listen
        self._connect = connect
        self._server: asyncio.Server | None = None
        self._passing: set[asyncio.Task[Any]] = set()
        self._flowing = asyncio.Event()

    async def open(self) -> None:
        """Let connections in and bytes pass."""
        self._flowing.set()
        if self._server is None:
            self._server = await self._listen(self._pass)

    def freeze(self) -> None:
        """Keep connections, let nothing pass."""
        self._flowing.clear()

    async def close(self) -> None:
        """Break all connections and let none in."""
        if self._server is not None:
            self._server.close()
            self._server = None
        passing = list(self._passing)
        for each in passing:
            each.cancel()
        await asyncio.gather(*passing, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._passing.add(task)
        inner: asyncio.StreamWriter | None = None
        try:
            behind, inner = await self._connect()
            await asyncio.wait(
                [asyncio.create_task(self._copy(reader, inner)), asyncio.create_task(self._copy(behind, writer))],
                return_when=asyncio.FIRST_COMPLETED,
            )
        except asyncio.CancelledError:
            pass  # the gate was closed: its end is the end of the connection and not of the test
        finally:
            self._passing.discard(task)
            for each in filter(None, (writer, inner)):
                each.transport.abort()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            return


@asynccontextmanager
async def before_socket(real: Path, folder: Path) -> AsyncIterator[Gate]:
    """An open gate at a socket file of the same name in `folder`, before the socket file `real`."""
    path = folder / real.name

    async def listen(serve: Any) -> asyncio.Server:
        path.unlink(missing_ok=True)
        return await asyncio.start_unix_server(serve, path)

    async with _opened(Gate(listen, lambda: asyncio.open_unix_connection(real))) as gate:
        yield gate


@asynccontextmanager
async def before_port(host: str, real: int, port: int) -> AsyncIterator[Gate]:
    """An open gate at `port`, before the port `real`."""

    async def listen(serve: Any) -> asyncio.Server:
        return await asyncio.start_server(serve, host, port)

    async with _opened(Gate(listen, lambda: asyncio.open_connection(host, real))) as gate:
        yield gate


@asynccontextmanager
async def _opened(gate: Gate) -> AsyncIterator[Gate]:
    await gate.open()
    try:
        yield gate
    finally:
        await gate.close()
