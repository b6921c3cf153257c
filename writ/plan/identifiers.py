"""Names in PostgreSQL: derived from the author's names alone, at most 63 bytes, and never two things under one name."""

from __future__ import annotations

import hashlib
import re

LONGEST = 63
LONGEST_COLUMN = LONGEST - len("old_")
"""A write returns every column a second time, prefixed `old_`: both names must fit."""

RESERVED_SCHEMAS = frozenset({"writ", "public", "information_schema"})

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OWN = re.compile(r"(ck|fk|ix|uq|ownership)(_.+)?_[0-9a-f]{8}")


def table_name(entity: str) -> str:
    """The table of an entity: `OrderLine` becomes `order_line`.

    Names that would meet another entity's (`HTTPCall`, `HttpCall`) carry a hash of the entity's name.
    """
    snake = "_".join(_WORD_STARTS.split(entity)).lower()
    return _bounded(snake, LONGEST) if entity_name(snake) == entity else _hashed(snake, entity)


def entity_name(table: str) -> str:
    """The entity a table most likely belongs to, for messages about tables no spec mentions any more."""
    return "".join(word[:1].upper() + word[1:] for word in table.split("_"))


def constraint_name(kind: str, table: str, what: str, definition: str) -> str:
    """The name of a constraint or index, with a hash of its definition: another definition is another constraint."""
    return _hashed(f"{kind}_{table}_{what}", table, what, definition)


def primary_key_name(table: str) -> str:
    """The name of a table's primary key."""
    return _bounded(f"pk_{table}", LONGEST)


def policy_name(definition: str) -> str:
    """The name of a row-level security policy, with a hash of its definition."""
    return _hashed("ownership", definition)


def is_own(name: str) -> bool:
    """Whether a constraint, index or policy carries a name of ours; any other belongs to somebody else."""
    return _OWN.fullmatch(name) is not None


def is_reserved_schema(schema: str) -> bool:
    """Whether an app may not have this schema, because it is PostgreSQL's or Writ's own."""
    return schema in RESERVED_SCHEMAS or schema.startswith("pg_") or len(schema.encode()) > LONGEST


def _hashed(readable: str, *parts: str) -> str:
    mark = _hash(*parts)
    return f"{_cut(readable, LONGEST - len(mark) - 1)}_{mark}"


def _bounded(name: str, longest: int) -> str:
    return name if len(name.encode()) <= longest else _hashed(name, name)


def _cut(name: str, longest: int) -> str:
    return name.encode()[:longest].decode(errors="ignore")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]
