"""The interpreter of one transaction: its database nodes, the rows they touch, its invariants and what it hands on.

It runs where the transaction is open and is given that as a `Database`; opening and ending it are not its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from writ.admission import names
from writ.effects import RunTransaction, Traced
from writ.engine.database import Database
from writ.engine.invariants import check_invariants
from writ.engine.statements import Arguments, Caller
from writ.engine.templates import fill_or_refuse, holds_or_refuse
from writ.engine.touched import Touched
from writ.plan.model import (
    ArchivePlan,
    CreatePlan,
    DatabaseNode,
    ReadPlan,
    RequirePlan,
    Statement,
    TransactionChoice,
    TransactionPlan,
    TransformPlan,
    TransitionPlan,
    UpdatePlan,
)
from writ.program import ABSENT, LoadedRelease, ToolProgram
from writ.refusals import Refused, refusal
from writ.rows import OLD, Columns, prune
from writ.values.wire import Json

_Write = UpdatePlan | TransitionPlan | ArchivePlan


@dataclass(slots=True)
class Progress:
    """How far a transaction came, kept up to date while it runs so that a refusal can be explained."""

    trace: list[Traced] = field(default_factory=list)
    executed: bool = False
    checks: int = 0
    touched: Touched = field(default_factory=Touched)


async def run_transaction(
    plan: TransactionPlan, release: LoadedRelease, effect: RunTransaction, database: Database, progress: Progress
) -> dict[str, Json]:
    """Run the nodes, check the invariants; the values to hand on. Who opened it rolls back on Refused and Failure."""
    caller = Caller(effect.principal.subject, effect.sees_all)
    interpreter = _Interpreter(release.tools[effect.tool], release, database, caller, progress)
    values = {**names(None, effect.principal, effect.run), **effect.values}
    await interpreter.run(plan.nodes, values)
    progress.executed = True
    progress.checks = await check_invariants(release, progress.touched, database, caller)
    return {it.name: prune(values[it.name], it.fields) for it in plan.exports if it.name in values}


class _Interpreter:
    def __init__(
        self, tool: ToolProgram, release: LoadedRelease, database: Database, caller: Caller, progress: Progress
    ) -> None:
        self._tool = tool
        self._release = release
        self._database = database
        self._arguments = Arguments(tool.expressions, caller)
        self._progress = progress

    async def run(self, nodes: Sequence[DatabaseNode], values: dict[str, Json]) -> None:
        for node in nodes:
            try:
                result = await self._node(node, values)
            except Refused as refused:
                self._trace(node, f"refused: {refused.refusal.code}")
                raise
            if result is not None:
                self._trace(node, result)

    async def _node(self, node: DatabaseNode, values: dict[str, Json]) -> str | None:
        if isinstance(node, ReadPlan):
            return await self._read(node, values)
        if isinstance(node, CreatePlan):
            return await self._create(node, values)
        if isinstance(node, UpdatePlan | TransitionPlan | ArchivePlan):
            return await self._write(node, values)
        if isinstance(node, TransformPlan):
            return self._transform(node, values)
        if isinstance(node, RequirePlan):
            return self._require(node, values)
        if isinstance(node, TransactionChoice):
            await self._choice(node, values)
            return None
        assert_never(node)

    async def _read(self, node: ReadPlan, values: dict[str, Json]) -> str:
        columns = await self._fetch(node.name, node.statement, values)
        shape = self._release.entities[node.entity].shape
        rows = [shape.row(row) for row in columns]
        if node.expect != "many" and len(rows) > 1:
            raise self._refused("too_many_rows", node.name)
        if node.expect == "one" and not rows:
            raise self._refused(node.missing, node.name)
        if node.expect == "many":
            values[node.name] = rows
        elif node.expect == "one":
            values[node.name] = rows[0]
        else:
            values[node.name] = {"row": rows[0]} if rows else {}
        return _counted(len(rows), "read")

    async def _create(self, node: CreatePlan, values: dict[str, Json]) -> str:
        if node.over is not None:
            return await self._create_over(node, values)
        rows = self._touch(node.entity, await self._fetch(node.name, node.statement, values), changed=False)
        if not rows:
            raise self._refused("not_found", node.name)
        values[node.name] = rows[0]
        return _counted(len(rows), "created")

    async def _create_over(self, node: CreatePlan, values: dict[str, Json]) -> str:
        assert node.over is not None  # noqa: S101
        elements = fill_or_refuse(node.name, node.over, node.over.type, self._tool.expressions, values)
        elements = [] if elements is ABSENT else elements
        if node.max is not None and len(elements) > node.max:
            raise self._refused("too_many_rows", node.name)
        rows: list[dict[str, Json]] = []
        if elements:
            text = self._arguments.rows(node, elements, values)
            rows = self._touch(node.entity, await self._fetch(node.name, node.statement, values, text), changed=False)
        if len(rows) != len(elements):
            raise self._refused("not_found", node.name)
        values[node.name] = rows
        return _counted(len(rows), "created")

    async def _write(self, node: _Write, values: dict[str, Json]) -> str:
        rows = self._touch(node.entity, await self._fetch(node.name, node.statement, values), changed=True)
        if len(rows) > node.rows_at_most:
            raise self._refused("too_many_rows", node.name)
        if len(rows) < node.rows_at_least:
            raise self._refused(await self._why_too_few(node, len(rows), values), node.name)
        exactly_one = node.rows_at_least == node.rows_at_most == 1
        # PostgreSQL returns changed rows in no order of its own; the same state must give the same value.
        values[node.name] = rows[0] if exactly_one else sorted(rows, key=lambda row: str(row["id"]))
        return _counted(len(rows), _DONE[node.kind].format(to=getattr(node, "to", "")))

    async def _why_too_few(self, node: _Write, found: int, values: Mapping[str, Json]) -> str:
        if isinstance(node, TransitionPlan):
            present = await self._fetch(node.name, node.present, values)
            if len(present) > found:
                return node.wrong_state
        return "too_few_rows" if found else node.missing

    def _transform(self, node: TransformPlan, values: dict[str, Json]) -> str:
        value = fill_or_refuse(node.name, node.value, node.type, self._tool.expressions, values)
        if value is ABSENT:
            return "absent"
        values[node.name] = value
        return "computed"

    def _require(self, node: RequirePlan, values: Mapping[str, Json]) -> str:
        if not holds_or_refuse(node.name, node.that, self._tool.expressions, values):
            raise self._refused(node.otherwise, node.name)
        return "holds"

    async def _choice(self, node: TransactionChoice, values: dict[str, Json]) -> None:
        for number, case in enumerate(node.cases, 1):
            if case.when is None or holds_or_refuse(node.name, case.when, self._tool.expressions, values):
                self._trace(node, chosen(number, case.when is None))
                await self.run(case.nodes, values)
                return
        self._trace(node, "no case")

    async def _fetch(
        self, name: str, statement: Statement, values: Mapping[str, Json], rows: str | None = None
    ) -> Sequence[Columns]:
        arguments = self._arguments.of(name, statement, values, rows)
        try:
            return await self._database.fetch(statement.sql, arguments)
        except Refused as refused:
            # The database knows why, only the plan knows which node asked and how the app words it.
            raise self._refused(refused.refusal.code, name) from refused

    def _touch(self, entity: str, columns: Sequence[Columns], *, changed: bool) -> list[dict[str, Json]]:
        shape = self._release.entities[entity].shape
        rows = [shape.row(row) for row in columns]
        for row, as_returned in zip(rows, columns, strict=True):
            self._progress.touched.add(entity, shape.row(as_returned, OLD) if changed else None, row)
        return rows

    def _refused(self, code: str, source: str) -> Refused:
        return Refused(refusal(code, source, self._tool.plan.refusals))

    def _trace(self, node: DatabaseNode, result: str) -> None:
        self._progress.trace.append(Traced(node=node.name, kind=node.kind, result=result))


_DONE = {"update": "changed", "transition": "moved to {to}", "archive": "archived"}


def _counted(count: int, done: str) -> str:
    return f"{count} {'row' if count == 1 else 'rows'} {done}"


def chosen(number: int, default: bool) -> str:
    """How the trace says which case of a choice was taken."""
    return f"case {number} (default)" if default else f"case {number}"
