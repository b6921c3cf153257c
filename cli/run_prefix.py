"""A run by the beginning of its id: nobody types 36 characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.endings import Misused

if TYPE_CHECKING:
    from activities.postgres import Pool

SHORTEST = 6
_NAMED = 3
_BEGINNING_SO = """
    SELECT run_id FROM writ.audit WHERE starts_with(run_id, $1)
    ORDER BY run_id = $1 DESC, recorded_at DESC LIMIT $2
"""


async def full_id(pool: Pool, given: str) -> str:
    """The id of the run that begins with `given`, else `given` itself; Misused where several begin so."""
    if len(given) < SHORTEST:
        return given
    found = [str(row["run_id"]) for row in await pool.fetch(_BEGINNING_SO, given, _NAMED + 1)]
    if len(found) > 1 and given not in found:
        listed = ", ".join(f"`{run}`" for run in found[:_NAMED])
        raise Misused(
            f"more than one run begins with `{given}`", f"such as {listed}{' …' if len(found) > _NAMED else ''}"
        )
    return found[0] if found else given
