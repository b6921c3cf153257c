"""One open transaction: the interpreter's database, with as few round trips as there can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from activities.named_sql import statements
from activities.postgres import Borrowed, Pool
from activities.postgres_errors import Contention, translated
from activities.run_id import RunIdReused
from writ.effects import RunTransaction
from writ.plan.model import Isolation, TransactionPlan
from writ.rows import Columns
from writ.values import Json

_SQL = statements("step")
_BEGIN: dict[Isolation, str] = {
    "serializable": "BEGIN ISOLATION LEVEL SERIALIZABLE",
    "repeatable_read": "BEGIN ISOLATION LEVEL REPEATABLE READ",
    "read_committed": "BEGIN ISOLATION LEVEL READ COMMITTED",
}


class OpenTransaction:
    """A transaction on a borrowed connection. Raises Refused, Contention and Failure, never the vendor's errors."""

    def __init__(self, connection: Borrowed, plan: TransactionPlan, effect: RunTransaction) -> None:
        self._connection = connection
        self._plan = plan
        self._effect = effect
        self._sees_all = effect.sees_all

    async def begin(self) -> str | None:
        """Open it and claim (run, node). None when it is ours now, else the answer that a former attempt committed.

        Raises RunIdReused where the run has its audit row and never decided this.
        """
        effect = self._effect
        with translated():
            await self._connection.execute(_BEGIN[self._plan.isolation])
            row = await self._connection.fetchrow(
                _SQL["claim"],
                effect.run.id,
                effect.node,
                effect.principal.subject,
                "on" if effect.sees_all else "off",
                str(self._plan.statement_timeout_ms),
                str(self._plan.timeout_ms),
            )
            if row is not None and row["claimed"]:
                return None
            stored = await self._connection.fetchrow(_SQL["stored"], effect.run.id, effect.node)
        return _answer(stored)

    async def fetch(self, sql: str, arguments: Sequence[Json]) -> Sequence[Columns]:
        """The rows of a statement in wire values."""
        with translated():
            return cast("Sequence[Columns]", await self._connection.fetch(sql, *arguments))

    async def see_all_rows(self) -> None:
        """Lift row-level security for the invariants; nothing to do where it hides nothing anyway."""
        if not self._sees_all:
            with translated():
                await self._connection.execute(_SQL["see_all_rows"])
            self._sees_all = True

    async def commit(self, result: str) -> None:
        """Keep the effect together with its answer."""
        with translated():
            await self._connection.execute(_SQL["store"], self._effect.run.id, self._effect.node, result)
            status: Any = await self._connection.execute("COMMIT")
        if status != "COMMIT":
            raise RuntimeError(f"PostgreSQL answered COMMIT with `{status}`")

    async def roll_back_if_open(self) -> None:
        """Keep nothing of a transaction that was not committed."""
        if not self._connection.is_closed() and self._connection.is_in_transaction():
            with translated():
                await self._connection.execute("ROLLBACK")


async def stored_answer(pool: Pool, effect: RunTransaction, answer: str) -> str:
    """The answer that stands for (run, node): `answer`, unless there is one already. Raises Failure, RunIdReused."""
    with translated():
        status = await pool.execute(_SQL["decide"], effect.run.id, effect.node, answer)
        if status == "INSERT 0 1":
            return answer
        stored = await pool.fetchrow(_SQL["stored"], effect.run.id, effect.node)
    return _answer(stored)


def _answer(stored: Columns | None) -> str:
    if stored is not None and stored["result"] is not None:
        return cast(str, stored["result"])
    if stored is not None and stored["ended"]:
        raise RunIdReused
    raise Contention("claimed by another attempt that has not committed")
