"""Statements by name, from `activities/sql/*.sql`: each with a sentence that says what it is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def statements(file: str) -> Mapping[str, str]:
    """The statements of `activities/sql/<file>.sql` by name; ValueError where one is named twice or has no sentence."""
    _, *parts = _NAME.split((_FOLDER / f"{file}.sql").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        if name in found:
            raise ValueError(f"`{file}.sql` names `{name}` twice")
        found[name] = _without_sentence(file, name, text)
    return found


def _without_sentence(file: str, name: str, text: str) -> str:
    sentence, _, statement = text.strip().partition("\n")
    if not sentence.startswith("-- ") or not statement.strip():
        raise ValueError(f"`{name}` in `{file}.sql` has no sentence that says what it is for")
    return statement.strip()


def migrations() -> tuple[tuple[int, str, str], ...]:
    """Number, name and text of the migrations of our own schema, in order; together they are the schema."""
    found = sorted((_FOLDER / "schema").glob("*.sql"))
    return tuple((int(file.stem[:4]), file.stem[5:], file.read_text(encoding="utf-8")) for file in found)
