"""Where an embedded Temporal server is reached."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, computed_field

from embedded.ports import HOST
from embedded.process import ProcessMark


class TemporalPorts(BaseModel):
    """The TCP ports of one server; `ui` is None when it runs without its UI."""

    model_config = ConfigDict(frozen=True)

    frontend: int
    ui: int | None
    http: int
    metrics: int


class TemporalAddress(BaseModel):
    """The process and its ports, all on this machine only."""

    model_config = ConfigDict(frozen=True)

    process: ProcessMark
    ports: TemporalPorts

    @computed_field  # type: ignore[prop-decorator]
    @property
    def address(self) -> str:
        """What `TEMPORAL_ADDRESS` would hold."""
        return f"{HOST}:{self.ports.frontend}"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def ui_url(self) -> str | None:
        return None if self.ports.ui is None else f"http://{HOST}:{self.ports.ui}"
