"""Our own schema `writ`: the sum of its numbered migrations."""

from __future__ import annotations

from typing import Any

from activities.named_sql import migrations, statements
from activities.postgres import Borrowed, Connection
from writ.digest import digest_of


class ForeignSchema(Exception):
    """The schema `writ` in this database was made by another version than this one knows."""


async def ensure_own_schema(connection: Connection | Borrowed) -> int:
    """Bring the schema `writ` up to date, as the role that owns it; how many migrations that took, 0 when it was.

    Safe to call at any time and by several at once. ForeignSchema where an applied migration is not one of ours.
    """
    sql = statements("schema")
    async with connection.transaction():
        await connection.execute(sql["hold"])
        await connection.execute(sql["prepare"])
        applied = {row["number"]: row for row in await connection.fetch(sql["applied"])}
        missing = _missing(applied)
        for number, name, text in missing:
            await connection.execute(text)
            await connection.execute(sql["note"], number, name, digest_of(text.encode()))
    return len(missing)


def _missing(applied: dict[int, Any]) -> list[tuple[int, str, str]]:
    ours = {number: (number, name, text) for number, name, text in migrations()}
    for number, row in applied.items():
        if number not in ours:
            raise ForeignSchema(
                f"migration {number} (`{row['name']}`) is newer than this version of Writ; upgrade Writ"
            )
        if digest_of(ours[number][2].encode()) != row["digest"]:
            raise ForeignSchema(
                f"migration {number} (`{row['name']}`) was applied with another text than it has now: this database "
                "belongs to another version of Writ; use that version, or another database"
            )
    return [migration for number, migration in sorted(ours.items()) if number not in applied]
