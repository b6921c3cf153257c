"""The data folder of one checkout: what lies where, the lock of its supervisor, and the note of what runs."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from embedded.failure import EngineFailed
from embedded.postgres_address import PostgresAddress
from embedded.process import ProcessMark
from embedded.temporal_address import TemporalAddress


class Running(BaseModel):
    """What `engines.json` says: the supervisor, its engines, and whether all of them were ready."""

    model_config = ConfigDict(frozen=True)

    supervisor: ProcessMark
    postgres: PostgresAddress | None = None
    temporal: TemporalAddress | None = None
    ready: bool = False

    @property
    def alive(self) -> bool:
        """Whether the supervisor and all engines are there now."""
        engines = (self.postgres, self.temporal)
        return self.supervisor.alive and all(engine.process.alive for engine in engines if engine is not None)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder, absolute and without symbolic links, so that one checkout has one name."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> DataFolder:
        return cls(path.expanduser().resolve())

    def prepare(self) -> None:
        """Make the folder and what every start needs in it; raises EngineFailed when that is not possible."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o711)
            self.logs.mkdir(exist_ok=True, mode=0o700)
            (self.path / ".gitignore").write_text("*\n")
        except OSError as error:
            raise EngineFailed(
                f"the data folder `{self.path}` cannot be used: {error.strerror or error}",
                help="make it writable, or choose another with `WRIT_DATA_FOLDER`",
            ) from error

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def temporal(self) -> Path:
        return self.path / "temporal.sqlite"

    @property
    def state(self) -> Path:
        return self.path / "engines.json"

    def running(self) -> Running | None:
        """The note of the last start, whether or not it still runs; None when there is none that can be read."""
        try:
            return Running.model_validate_json(self.state.read_bytes())
        except (OSError, ValidationError):
            return None

    def note(self, running: Running) -> None:
        """Write the note so that a reader sees either the old one or the new one, whole."""
        new = self.state.with_suffix(".json.new")
        new.write_text(running.model_dump_json(indent=2) + "\n")
        new.replace(self.state)

    def forget(self) -> None:
        self.state.unlink(missing_ok=True)

    def lock(self) -> Lock | None:
        """The right to run engines here, None when somebody holds it. The system gives it back when its holder dies."""
        try:
            descriptor = os.open(self.path / "engines.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise EngineFailed(
                f"the data folder `{self.path}` cannot be used: {error.strerror}",
                help="it may belong to another user; run as that user, or choose another with `WRIT_DATA_FOLDER`",
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        return Lock(descriptor)


class Lock:
    """A held lock."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
