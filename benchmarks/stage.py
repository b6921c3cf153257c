"""The stage of the benchmarks: both engines, the clinic published, and servers as processes of their own."""

from __future__ import annotations

import asyncio
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.booking_sql import CLINIC, ROOT
from benchmarks.caller import Caller, CallFailed
from benchmarks.diary import Diary, filled
from benchmarks.sizes import Sizes
from cli.checked_spec import check_folder
from cli.history_key import new_key
from cli.publishing import publish_checked
from embedded import ports
from embedded.child import Child, Children, environment_without
from embedded.engines import Engines, start
from embedded.temporal_server import binary
from settings import Settings

_READY_SECONDS = 60.0
_END_SECONDS = 15.0
_OURS = ("WRIT_", "TEMPORAL_", "DATABASE_URL")


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: its port and its process."""

    port: int
    process: Child

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a benchmark may use."""

    folder: Path
    engines: Engines
    diary: Diary
    key: str
    say: Callable[[str], None]
    history_key: str = field(default_factory=new_key, repr=False)

    @contextmanager
    def writ(self, command: str) -> Iterator[Served]:
        """A command of `writ` that serves: `dev`, `serve` or `worker`."""
        program = [str(Path(sys.executable).with_name("writ")), command]
        with self._running(command, program, self.engines.temporal_address) as served:
            yield served

    @contextmanager
    def server(self, kind: str, temporal: str | None = None) -> Iterator[Served]:
        """A server of the benchmarks: `handwritten`, `naive` or `traced`."""
        command = [sys.executable, "-m", "benchmarks.server", kind]
        with self._running(kind, command, temporal or self.engines.temporal_address) as served:
            yield served

    @contextmanager
    def temporal_as_it_comes(self) -> Iterator[str]:
        """A second Temporal server without a single setting that would make it quicker; its address."""
        frontend, http, metrics = ports.any_free(3)
        options = {"--ip": ports.HOST, "--port": frontend, "--http-port": http, "--metrics-port": metrics}
        words = [str(part) for option in options.items() for part in option]
        command = [str(binary()), "server", "start-dev", "--headless", "--log-level", "error", *words]
        environment = environment_without(*_OURS) | {"HOME": str(self.folder)}
        with _child("temporal", command, self.folder, environment) as child:
            child.wait_until(lambda: not ports.is_free(frontend), _READY_SECONDS)
            yield f"{ports.HOST}:{frontend}"

    @contextmanager
    def _running(self, name: str, command: Sequence[str], temporal: str) -> Iterator[Served]:
        [port] = ports.any_free(1)
        self.say(f"starting `{name}`")
        with _child(name, command, self.folder, self._environment(name, port, temporal)) as child:
            # `writ worker` has no port: that it takes runs is in its log.
            ready = (lambda: child.wrote("taking runs")) if name == "worker" else (lambda: _answers(port))
            child.wait_until(ready, _READY_SECONDS)
            yield Served(port, child)

    def _environment(self, name: str, port: int, temporal: str) -> dict[str, str]:
        return {
            **environment_without(*_OURS),
            "DATABASE_URL": self.engines.database_url,
            "WRIT_PUBLISH_DATABASE_URL": self.engines.publish_database_url,
            "TEMPORAL_ADDRESS": temporal,
            "WRIT_TASK_QUEUE": f"bench-{name}",
            "WRIT_API_PORT": str(port),
            "WRIT_DATA_FOLDER": str(self.folder / name),
            "WRIT_DEVELOPMENT_KEY": self.key,
            "WRIT_HISTORY_KEYS": self.history_key,
        }


@contextmanager
def _child(name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Iterator[Child]:
    children = Children()
    child = Child(f"`{name}`", command, folder / f"{name}.log", environment=environment, folder=ROOT)
    try:
        children.spawn(child)
        yield child
    finally:
        children.end(_END_SECONDS)


@contextmanager
def set_up(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Stage]:
    """Start both engines, publish the clinic, fill its diary; afterwards nothing is left."""
    with tempfile.TemporaryDirectory(prefix="writ-bench-") as folder:
        say("starting the engines")
        with start(Path(folder) / "engines", ui=False) as engines:
            asyncio.run(publish_checked(check_folder(ROOT / CLINIC), engines.publish_database_url))
            key = secrets.token_hex(32)
            settings = Settings(development_key=key)
            diary = filled(engines.superuser_url, settings, sizes.bookings)
            yield Stage(Path(folder), engines, diary, key, say)


def _answers(port: int) -> bool:
    try:
        with Caller(port) as caller:
            caller.get("/healthz")
    except (OSError, CallFailed):
        return False
    return True
