from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.crash.site import Site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A site of this test alone: what it kills, nobody else needs."""
    # A short path: the socket of PostgreSQL lies below it, and a socket's path may have some 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="writ-", dir="/tmp")).resolve()
    folder.chmod(0o711)
    own = Site(folder)
    try:
        await own.start()
        yield own
    finally:
        await own.stop()
        shutil.rmtree(folder)
