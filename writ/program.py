"""Programs: plans made ready to run. Schemas and expressions are compiled once, when a release is loaded.

A program answers what a plan's expressions mean for given values; it does nothing and asks nothing of the world.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from writ.plan.model import (
    AggregateInvariant,
    CreatePlan,
    EntityPlan,
    Expression,
    FlowChoice,
    FlowNode,
    Invariant,
    Release,
    ToolPlan,
    TransactionPlan,
)
from writ.rows import RowShape
from writ.schemas import Schema
from writ.values import (
    ABSENT,
    Anything,
    EvaluationFailed,
    FieldType,
    Integer,
    Json,
    ListOf,
    Program,
    Record,
    Text,
    Timestamp,
    ValueType,
)

__all__ = ["ABSENT", "EntityProgram", "EvaluationFailed", "Expressions", "LoadedRelease", "ToolProgram", "load"]

Scope = Mapping[str, ValueType]


# The compiler, too, uses these, whether or not the author does.
_ALWAYS: Scope = {"now": Timestamp(), "run": Record(fields=(FieldType(name="id", type=Text()),))}


class Expressions:
    """Every expression of a plan, compiled against the names it may use; equal ones in one scope share a program.

    They are found again by identity: the plan is kept as long as its programs, and hashing it each time would cost more
    than evaluating it.
    """

    def __init__(self) -> None:
        self._by_identity: dict[int, Program] = {}
        self._compiled: dict[tuple[int, str, ValueType, bool], Program] = {}
        self._kept: list[object] = []

    def add(self, model: object, scope: Scope) -> None:
        """Compile every expression inside `model`; ValueError where one does not compile."""
        self._kept.append((model, scope))
        for expression, names in _expressions(model, scope):
            key = (id(names), expression.cel, expression.type, expression.may_be_absent)
            if names is not scope:
                self._kept.append(names)
            if key not in self._compiled:
                self._compiled[key] = Program.compile(
                    expression.cel, names, expression.type, absent_allowed=expression.may_be_absent
                )
            self._by_identity[id(expression)] = self._compiled[key]

    def evaluate(self, expression: Expression, values: Mapping[str, Json]) -> Json:
        """The wire value of `expression`, or `ABSENT`; EvaluationFailed where it cannot be computed."""
        return self._by_identity[id(expression)].evaluate(values)

    def holds(self, expression: Expression, values: Mapping[str, Json]) -> bool:
        """Whether a condition is true; EvaluationFailed where it cannot be computed, which is not the same as false."""
        answer = self.evaluate(expression, values)
        if not isinstance(answer, bool):
            raise EvaluationFailed("it is neither true nor false", expression.cel)
        return answer


def _expressions(model: object, scope: Scope) -> Iterator[tuple[Expression, Scope]]:
    if isinstance(model, Expression):
        yield model, scope
    elif isinstance(model, CreatePlan):
        yield from _of_create(model, scope)
    elif isinstance(model, BaseModel):
        for name in type(model).model_fields:
            yield from _expressions(getattr(model, name), scope)
    elif isinstance(model, tuple):
        for element in model:
            yield from _expressions(element, scope)
    elif isinstance(model, dict):
        for element in model.values():
            yield from _expressions(element, scope)


def _of_create(plan: CreatePlan, scope: Scope) -> Iterator[tuple[Expression, Scope]]:
    yield from _expressions(plan.statement, scope)
    yield from _expressions(plan.over, scope)
    if plan.columns:
        inner = {**scope, plan.item: _element(plan)}
        yield from _expressions(plan.columns, inner)


def _element(plan: CreatePlan) -> ValueType:
    over = plan.over.type if plan.over else None
    return over.element if isinstance(over, ListOf) else Anything()


class EntityProgram:
    """What must hold for the rows of one entity, ready to be checked."""

    def __init__(self, plan: EntityPlan, entities: Mapping[str, EntityPlan]) -> None:
        self.plan = plan
        self.shape = RowShape(plan.row)
        self.expressions = Expressions()
        for invariant in plan.invariants:
            self._add(invariant, entities)

    def _add(self, invariant: Invariant, entities: Mapping[str, EntityPlan]) -> None:
        this: dict[str, ValueType] = {"this": self.plan.row}
        if not isinstance(invariant, AggregateInvariant):
            self.expressions.add(invariant, this)
            return
        figure: ValueType = Integer() if invariant.figure == "count" else Anything()
        self.expressions.add(invariant.that, {**this, invariant.figure: figure})
        self.expressions.add(invariant.statement, this)
        self.expressions.add(invariant.affected, {"row": entities[invariant.over].row})


class ToolProgram:
    """One tool ready to run."""

    def __init__(self, plan: ToolPlan) -> None:
        self.plan = plan
        self.input_schema = Schema(plan.input_schema)
        self.output_schema = Schema(plan.output_schema)
        self.expressions = Expressions()
        scope = {**_ALWAYS, **plan.types}
        self.expressions.add(plan.policies, scope)
        self.expressions.add(plan.flow, scope)
        self.transactions = {node.name: node for node in _transactions(plan.flow)}


def _transactions(nodes: tuple[FlowNode, ...]) -> Iterator[TransactionPlan]:
    for node in nodes:
        if isinstance(node, TransactionPlan):
            yield node
        elif isinstance(node, FlowChoice):
            for case in node.cases:
                yield from _transactions(case.nodes)


class LoadedRelease:
    """A release ready to run: its tools, and the entities whose invariants its transactions check."""

    def __init__(self, release: Release, digest: str) -> None:
        self.release = release
        self.digest = digest
        self.tools: Mapping[str, ToolProgram] = {name: ToolProgram(plan) for name, plan in release.tools.items()}
        self.entities: Mapping[str, EntityProgram] = {
            name: EntityProgram(plan, release.entities) for name, plan in release.entities.items()
        }
        self.watchers: Mapping[str, tuple[tuple[str, AggregateInvariant], ...]] = _watchers(release)


def _watchers(release: Release) -> dict[str, tuple[tuple[str, AggregateInvariant], ...]]:
    """For each entity, the aggregates over its rows and the entity each of them is stated for."""
    found: dict[str, list[tuple[str, AggregateInvariant]]] = {}
    for name, plan in release.entities.items():
        for invariant in plan.invariants:
            if isinstance(invariant, AggregateInvariant):
                found.setdefault(invariant.over, []).append((name, invariant))
    return {over: tuple(watching) for over, watching in found.items()}


def load(release: Release, digest: str) -> LoadedRelease:
    """Compile everything in a release; ValueError where an expression or a schema does not compile."""
    return LoadedRelease(release, digest)
