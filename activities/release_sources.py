"""The texts a release was made from, kept beside it: what was judged can be read again, and compared with later."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import PurePath

from activities.named_sql import statements
from activities.schema_connection import driver, schema_connection
from writ.nodes.typed import TypedApp

_SQL = statements("release")


def packed(app: TypedApp, files: Mapping[str, bytes]) -> bytes:
    """The files of an app as compressed JSON: text by path below the folder of the app."""
    folder = PurePath(app.span.file).parent if app.span else PurePath()
    texts = {_below(folder, path): content.decode() for path, content in files.items()}
    # Without a time in it the same texts are the same bytes.
    return gzip.compress(json.dumps(texts, sort_keys=True).encode(), mtime=0)


def _below(folder: PurePath, path: str) -> str:
    known = PurePath(path)
    return (known.relative_to(folder) if known.is_relative_to(folder) else known).as_posix()


def unpacked(content: bytes) -> dict[str, str]:
    """What `packed` made: text by path."""
    found: dict[str, str] = json.loads(gzip.decompress(content))
    return found


async def read_sources(url: str, digest: str) -> dict[str, str] | None:
    """The texts of a release, as the owner of the tables; None where none are kept. Failure where the database cannot
    tell.
    """
    async with schema_connection(url, read_only=True) as connection:
        content = await (await driver(connection)).fetchval(_SQL["sources"], digest)
    return None if content is None else unpacked(content)
