"""Flows: typed nodes to plans, those of a transaction and those between transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from writ.nodes.typed import (
    TypedApproval,
    TypedArchive,
    TypedCall,
    TypedChoice,
    TypedCreate,
    TypedDelete,
    TypedEach,
    TypedEmit,
    TypedErase,
    TypedHttp,
    TypedNode,
    TypedParallel,
    TypedPayment,
    TypedRead,
    TypedRefuse,
    TypedRequire,
    TypedRespond,
    TypedSql,
    TypedTransaction,
    TypedTransform,
    TypedTransition,
    TypedUpdate,
    TypedWait,
)
from writ.plan.database_nodes import Database, column_values
from writ.plan.failing import CannotCompile
from writ.plan.model import (
    ArchivePlan,
    CreatePlan,
    DatabaseNode,
    Expression,
    FlowCase,
    FlowChoice,
    FlowNode,
    ListTemplate,
    MapTemplate,
    ReadPlan,
    RefusePlan,
    RequirePlan,
    RespondPlan,
    Template,
    TransactionCase,
    TransactionChoice,
    TransactionPlan,
    TransformPlan,
    TransitionPlan,
    UpdatePlan,
)
from writ.plan.references import Path, exports, needs, paths
from writ.plan.refused import not_yet, unsafe, unsafe_rows, unsafe_transaction
from writ.plan.statement import compiled
from writ.plan.summaries import summary, transaction_summary
from writ.problems import Problem
from writ.spec.resolved import TypedExpression, TypedTemplate
from writ.values.types import ValueType

_NotYet = (
    TypedHttp
    | TypedPayment
    | TypedApproval
    | TypedWait
    | TypedParallel
    | TypedCall
    | TypedEach
    | TypedEmit
    | TypedDelete
    | TypedErase
    | TypedSql
)
_INSIDE_HELP = {
    "transaction": "write its nodes here, or put it behind this transaction",
    "respond": "write it behind the transaction: nobody may be told of what is not committed yet",
    "refuse": "use `require` with `else`, which also undoes the transaction, or write it behind the transaction",
}


class FlowCompiler:
    """Compiles the flow of one tool. What cannot be compiled is left out and added to `problems`."""

    def __init__(self, database: Database, types: Mapping[str, ValueType], problems: list[Problem]) -> None:
        self._database = database
        self._types = types
        self._problems = problems

    def nodes(self, nodes: Sequence[TypedNode], later: frozenset[Path] = frozenset()) -> tuple[FlowNode, ...]:
        """The nodes between transactions; `later` are the paths read after the last of them."""
        found: list[FlowNode] = []
        for node in reversed(nodes):
            try:
                found.append(self._between(node, later))
            except CannotCompile as stopped:
                self._problems.append(stopped.problem)
            later |= paths((node,))
        return tuple(reversed(found))

    def _between(self, node: TypedNode, later: frozenset[Path]) -> FlowNode:
        if isinstance(node, TypedTransaction):
            return self._transaction(node, later)
        if isinstance(node, TypedTransform):
            return _transform(node)
        if isinstance(node, TypedRequire):
            return _require(node)
        if isinstance(node, TypedRefuse):
            return RefusePlan(name=node.name, refusal=node.refusal)
        if isinstance(node, TypedRespond):
            return RespondPlan(name=node.name, value=_template(node.value))
        if isinstance(node, TypedChoice):
            cases = ((_optional(case.when), self.nodes(case.nodes, later)) for case in node.cases)
            return FlowChoice(name=node.name, cases=tuple(FlowCase(when=when, nodes=inner) for when, inner in cases))
        if isinstance(node, _NotYet):
            raise CannotCompile(not_yet(_word(node), node.span))
        if not isinstance(node, TypedRead):
            raise CannotCompile(unsafe(f"`{node.name}` writes rows outside a transaction", node.span))
        raise _misplaced(node, "outside a transaction", "write it into the `nodes` of a `transaction`")

    def _transaction(self, node: TypedTransaction, later: frozenset[Path]) -> TransactionPlan:
        _refuse(unsafe_transaction(node))
        return TransactionPlan(
            name=node.name,
            isolation=node.isolation,
            statement_timeout_ms=node.statement_timeout_ms,
            timeout_ms=node.timeout_ms,
            nodes=self._inner(node.nodes),
            needs=needs(node.nodes),
            exports=exports(node.nodes, later, self._types),
            summary=transaction_summary(node),
        )

    def _inner(self, nodes: Sequence[TypedNode]) -> tuple[DatabaseNode, ...]:
        found: list[DatabaseNode] = []
        for node in nodes:
            try:
                found.append(self._inside(node))
            except CannotCompile as stopped:
                self._problems.append(stopped.problem)
        return tuple(found)

    def _inside(self, node: TypedNode) -> DatabaseNode:
        if isinstance(node, TypedTransform):
            return _transform(node)
        if isinstance(node, TypedRequire):
            return _require(node)
        if isinstance(node, TypedChoice):
            cases = (TransactionCase(when=_optional(case.when), nodes=self._inner(case.nodes)) for case in node.cases)
            return TransactionChoice(name=node.name, cases=tuple(cases))
        if isinstance(node, TypedTransaction | TypedRefuse | TypedRespond):
            raise _misplaced(node, "inside a transaction", _INSIDE_HELP[_word(node)])
        if isinstance(node, _NotYet):
            raise CannotCompile(not_yet(_word(node), node.span))
        _refuse(unsafe_rows(node))
        return self._database_node(node)

    def _database_node(
        self, node: TypedRead | TypedCreate | TypedUpdate | TypedTransition | TypedArchive
    ) -> DatabaseNode:
        if isinstance(node, TypedRead):
            return ReadPlan(
                name=node.name,
                entity=node.entity.name,
                statement=self._database.read(node),
                expect=node.expect,
                missing=node.missing,
                summary=summary(node),
            )
        if isinstance(node, TypedCreate):
            return self._create(node)
        if isinstance(node, TypedTransition):
            return self._transition(node)
        if isinstance(node, TypedUpdate):
            return UpdatePlan(statement=self._database.update(node), **_written(node))
        if isinstance(node, TypedArchive):
            return ArchivePlan(statement=self._database.archive(node), **_written(node))
        assert_never(node)

    def _create(self, node: TypedCreate) -> CreatePlan:
        if node.over is None:
            statement = self._database.create(node)
            return CreatePlan(name=node.name, entity=node.entity.name, statement=statement, summary=summary(node))
        return CreatePlan(
            name=node.name,
            entity=node.entity.name,
            statement=self._database.create_many(node),
            over=compiled(node.over),
            item=node.item,
            columns=column_values(node),
            max=node.max,
            summary=summary(node),
        )

    def _transition(self, node: TypedTransition) -> TransitionPlan:
        sources = node.entity.lifecycle.sources(node.to) if node.entity.lifecycle is not None else ()
        if not sources:
            message = f"no state of `{node.entity.name}` may move to `{node.to}`"
            raise CannotCompile(Problem("impossible-transition", node.span, message, "list it in the `to` of a state"))
        return TransitionPlan(
            statement=self._database.transition(node, sources),
            present=self._database.present(node),
            to=node.to,
            **_written(node),
        )


def _written(node: TypedUpdate | TypedTransition | TypedArchive) -> dict[str, Any]:
    least, most = node.rows
    return {
        "name": node.name,
        "entity": node.entity.name,
        "rows_at_least": least,
        "rows_at_most": most,
        "missing": node.missing,
        "summary": summary(node),
    }


def _transform(node: TypedTransform) -> TransformPlan:
    return TransformPlan(name=node.name, value=_template(node.value), type=node.type)


def _require(node: TypedRequire) -> RequirePlan:
    return RequirePlan(name=node.name, that=compiled(node.that), otherwise=node.otherwise)


def _template(template: TypedTemplate) -> Template:
    if isinstance(template, TypedExpression):
        return compiled(template)
    if isinstance(template, dict):
        return MapTemplate(entries={key: _template(template[key]) for key in sorted(template)})
    return ListTemplate(items=tuple(_template(item) for item in template))


def _optional(expression: TypedExpression | None) -> Expression | None:
    return None if expression is None else compiled(expression)


def _refuse(problem: Problem | None) -> None:
    if problem is not None:
        raise CannotCompile(problem)


def _misplaced(node: TypedNode, where: str, help: str) -> CannotCompile:
    return CannotCompile(Problem("misplaced-node", node.span, f"`{_word(node)}` has no place {where}", help))


def _word(node: TypedNode) -> str:
    """The author's word for the kind of node."""
    return node.kind if isinstance(node, TypedChoice) else type(node).__name__.removeprefix("Typed").lower()
