"""Schemas as files: those under `docs/schemas`, and those in an app's `.schemas`, which its documents name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from cli.schemas.catalogue import schema
from cli.whole_file import write_whole


def schema_text(kind: str) -> str:
    """The file of one schema."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path, kinds: Iterable[str]) -> list[Path]:
    """Write a file for each kind and return their paths. OSError where one cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in kinds:
        path = folder / f"{kind}.json"
        write_whole(path, schema_text(kind))
        written.append(path)
    return written
