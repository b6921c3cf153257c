"""The port through which the interpreter speaks to the database inside one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from writ.rows import Columns
from writ.values.wire import Json


class Database(Protocol):
    """One open transaction."""

    async def fetch(self, sql: str, arguments: Sequence[Json]) -> Sequence[Columns]:
        """Run a statement and return its rows in wire values.

        Raises Refused when the database says no for a reason of the business (a unique value taken, a row not owned),
        and Failure when the world broke.
        """
        ...

    async def see_all_rows(self) -> None:
        """From here to the end of the transaction row-level security hides nothing: invariants hold for all rows."""
        ...
