from __future__ import annotations

import asyncio
import socket

import pytest

from cli.endings import CannotGoOn
from cli.serving import listen
from settings import Settings


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_answers_do_not_wait_for_acknowledgements(host: str) -> None:
    waiting: asyncio.Queue[int] = asyncio.Queue()

    async def accepted(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found: socket.socket = writer.get_extra_info("socket")
        waiting.put_nowait(found.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    try:
        listening = listen(Settings(api_host=host, api_port=0))
    except CannotGoOn:
        if host == "127.0.0.1":
            raise
        pytest.skip("this machine has no IPv6")
    async with await asyncio.start_server(accepted, sock=listening):
        _, writer = await asyncio.open_connection(host, listening.getsockname()[1])
        assert await asyncio.wait_for(waiting.get(), 10) == 1
        writer.close()
