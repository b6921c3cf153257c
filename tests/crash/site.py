"""A site whose parts can be killed: PostgreSQL, Temporal and worker processes, each ended and started again alone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from temporalio.client import Client
from temporalio.service import GrpcCompression, RPCError

from api.temporal_runs import TemporalRuns
from embedded import engines
from embedded.child import Child, environment_without
from embedded.ports import HOST, any_free
from embedded.process import mark, wait_until_gone
from embedded.temporal_server import SEARCH_ATTRIBUTES, binary
from tests.clinic import publish_clinic
from tests.history_keys import KEYS, as_setting
from workflows.converter import data_converter_with

CHECKOUT = Path(__file__).parents[2]
TASK_QUEUE = "crash"
_READY_SECONDS = 60.0


class Site:
    """All parts below one folder. `start` before anything else, `stop` at the end, whatever happened between."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._temporal_port, self._http_port = any_free(2)
        self._postgres: engines.Supervised | None = None
        self._temporal: Child | None = None
        self._workers: list[Child] = []

    async def start(self) -> None:
        """PostgreSQL with the clinic published, Temporal, no worker."""
        await asyncio.gather(self.start_postgres(), self.start_temporal())
        await publish_clinic(self.postgres.publish_database_url)
        address = f"{HOST}:{self._temporal_port}"
        self.client = await Client.connect(
            address, data_converter=data_converter_with(KEYS), grpc_compression=GrpcCompression.NONE
        )
        self.runs = TemporalRuns(self.client, TASK_QUEUE)

    async def stop(self) -> None:
        """End every part that still runs."""
        for part in (*self._workers, self._temporal):
            if part is not None:
                part.ask_to_end()
        for part in (*self._workers, self._temporal):
            if part is not None:
                await asyncio.to_thread(part.end, 20.0)
        await self.stop_postgres()

    @property
    def postgres(self) -> engines.Supervised:
        """PostgreSQL, which has to run."""
        assert self._postgres is not None
        return self._postgres

    async def start_postgres(self) -> None:
        """Start it, for the first time or again, at the same address."""
        self._postgres = await asyncio.to_thread(engines.start, self._folder / "postgres", temporal=False)

    async def stop_postgres(self) -> None:
        """End it: every open transaction is broken off."""
        if self._postgres is not None:
            await asyncio.to_thread(self._postgres.stop)
            self._postgres = None

    async def start_temporal(self) -> None:
        """Start it, for the first time or again, on the same port and file."""
        self._temporal = Child(
            "Temporal",
            [binary(), *self._temporal_arguments()],
            self._folder / "temporal.log",
            environment=environment_without("TEMPORAL_") | {"HOME": str(self._folder)},
            folder=self._folder,
        )
        self._temporal.spawn()
        await self._until_temporal_answers(self._temporal)

    def _temporal_arguments(self) -> list[str]:
        arguments = ["server", "start-dev", "--headless", "--log-level", "error", "--ip", HOST]
        arguments += ["--port", str(self._temporal_port), "--http-port", str(self._http_port)]
        arguments += ["--db-filename", str(self._folder / "temporal.sqlite"), "--sqlite-pragma", "journal_mode=wal"]
        for name in SEARCH_ATTRIBUTES:
            arguments += ["--search-attribute", f"{name}=Keyword"]
        return arguments

    async def _until_temporal_answers(self, server: Child) -> None:
        async with asyncio.timeout(_READY_SECONDS):
            while not server.ended:
                # The first answer means that it serves: there is nothing to wait for otherwise.
                with suppress(RPCError, RuntimeError):
                    found = await Client.connect(f"{HOST}:{self._temporal_port}")
                    if await found.service_client.check_health():
                        await found.count_workflows("TaskQueue = 'nobody'")
                        return
                await asyncio.sleep(0.05)
        raise server.failed("ended before it was ready")

    async def kill_temporal(self) -> None:
        """SIGKILL: nothing is written any more."""
        assert self._temporal is not None
        await kill(self._temporal)

    async def start_worker(self) -> Child:
        """A worker process of its own, as it is deployed; returns when it takes runs."""
        number = len(self._workers) + 1
        worker = Child(
            f"worker {number}",
            [sys.executable, CHECKOUT / "worker.py"],
            self._folder / f"worker-{number}.log",
            environment=environment_without("WRIT_", "TEMPORAL_") | self._worker_environment(),
            folder=self._folder,
        )
        self._workers.append(worker)
        worker.spawn()
        await asyncio.to_thread(worker.wait_until, lambda: worker.wrote("taking runs"), _READY_SECONDS)
        return worker

    def _worker_environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.postgres.database_url,
            "TEMPORAL_ADDRESS": f"{HOST}:{self._temporal_port}",
            "WRIT_TASK_QUEUE": TASK_QUEUE,
            "WRIT_HISTORY_KEYS": as_setting(KEYS),
        }


async def kill(process: Child) -> None:
    """SIGKILL, and gone when this returns."""
    found = mark(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    if found is not None:
        await asyncio.to_thread(wait_until_gone, found, 10.0)
