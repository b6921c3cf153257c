"""Where an embedded PostgreSQL is reached."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, computed_field

from embedded.process import ProcessMark

DATABASE = "writ"
OWNER_ROLE = "writ_owner"
APP_ROLE = "writ_app"
SUPERUSER = "postgres"
PORT = 5432  # only the name of the socket file: nothing listens on TCP


class PostgresAddress(BaseModel):
    """The process and its socket's folder. Whoever reaches the socket signs in as any role, without a password."""

    model_config = ConfigDict(frozen=True)

    process: ProcessMark
    socket_folder: Path

    @computed_field  # type: ignore[prop-decorator]
    @property
    def database_url(self) -> str:
        """As the application: no ownership, row-level security holds."""
        return self.url(APP_ROLE)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def publish_database_url(self) -> str:
        """As the owner of the tables: `publish` only."""
        return self.url(OWNER_ROLE)

    @property
    def superuser_url(self) -> str:
        """As superuser, whom no row-level security stops: for tests that look behind."""
        return self.url(SUPERUSER)

    def url(self, role: str, database: str = DATABASE) -> str:
        """A URL that asyncpg and libpq understand."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder), safe='/')}&port={PORT}"
