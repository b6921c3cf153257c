from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.crash.site import Site


@pytest.fixture
def folder() -> Iterator[Path]:
    # A short path: the socket of PostgreSQL lies below it, and a socket's path may have some 100 characters.
    path = Path(tempfile.mkdtemp(prefix="writ-", dir="/tmp")).resolve()
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
async def site(folder: Path) -> AsyncIterator[Site]:
    """A site of this test alone: what it kills, nobody else needs."""
    own = Site(folder)
    try:
        await own.start()
        yield own
    finally:
        await own.stop()
