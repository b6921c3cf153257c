"""What the tour runs on: engines of its own, an API and workers as processes of their own, and a look behind them."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cli import api_address
from cli.history_key import new_key
from embedded.child import Child, Children, environment_without

if TYPE_CHECKING:
    from embedded.engines import Engines

_START_SECONDS = 30.0
_END_SECONDS = 10.0
_TAKES_RUNS = "taking runs from the task queue"


@dataclass
class Stage:
    """Processes of the tour in `folder`, over `engines`."""

    engines: Engines
    folder: Path
    key: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    history_key: str = field(default_factory=new_key, repr=False)
    _children: Children = field(default_factory=Children)
    _workers: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """The variables of every process of the tour, whatever those of this one say."""
        return {
            **environment_without("WRIT_", "DATABASE_URL", "TEMPORAL_ADDRESS"),
            "DATABASE_URL": self.engines.database_url,
            "WRIT_PUBLISH_DATABASE_URL": self.engines.publish_database_url,
            "TEMPORAL_ADDRESS": self.engines.temporal_address,
            "WRIT_DATA_FOLDER": str(self.folder),
            "WRIT_API_PORT": "0",
            "WRIT_DEVELOPMENT_KEY": self.key,
            "WRIT_HISTORY_KEYS": self.history_key,
        }

    def start_api(self) -> Child:
        """An API process, not yet answering."""
        return self._start("api", "serve")

    def start_worker(self) -> Child:
        """One more worker process, not yet taking runs."""
        self._workers += 1
        return self._start(f"worker {self._workers}", "worker")

    async def api_url(self, api: Child) -> str:
        """Where the API answers, as soon as it does; EngineFailed when it ends instead."""
        await asyncio.to_thread(api.wait_until, lambda: self._noted() is not None, _START_SECONDS)
        return self._noted() or ""

    async def takes_runs(self, worker: Child) -> None:
        """As soon as the worker does; EngineFailed when it ends instead."""
        await asyncio.to_thread(worker.wait_until, lambda: worker.wrote(_TAKES_RUNS), _START_SECONDS)

    async def kill(self, worker: Child) -> None:
        """End a process so that it cannot notice (SIGKILL)."""
        os.kill(worker.pid, signal.SIGKILL)
        await asyncio.to_thread(worker.end, _END_SECONDS)

    async def command(self, *arguments: str, folder: Path | None = None) -> tuple[int, str]:
        """Exit code and output of one `writ` command."""
        environment = {**self.environment, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *_python_path()])}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli", *arguments,
            cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await process.communicate()
        return process.returncode or 0, output.decode(errors="replace")

    def end(self) -> None:
        """End all processes of the tour; the engines are ended by who started them."""
        self._children.end(_END_SECONDS)

    def _start(self, name: str, command: str) -> Child:
        log = self.folder / f"{name.replace(' ', '-')}.log"
        line = [sys.executable, "-m", "cli", command]
        child = Child(name, line, log, environment=self.environment, folder=Path.cwd())
        self._children.spawn(child)
        return child

    def _noted(self) -> str | None:
        return api_address.running_url(self.folder)


async def until(happened: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Whether the asynchronous question `happened` is answered with yes within `seconds`; asked again every 20 ms."""
    deadline = time.monotonic() + seconds
    while not await happened():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True


def _python_path() -> list[str]:
    before = os.environ.get("PYTHONPATH")
    return [before] if before else []
