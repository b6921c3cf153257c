"""The most that a value can be, as far as an author declared it: elements of lists, sizes of numbers, steps of folds.

Nothing is guessed: what has no bound of its own, and none that the system sets, is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from writ.graph.flow import FlowGraph, Step
from writ.nodes.facts import Facts
from writ.nodes.rows import MOST_ROWS
from writ.nodes.typed import TypedTool
from writ.spec.resolved import Entity, EntityField, TypedExpression
from writ.values.infer import built
from writ.values.syntax import Call, Comprehension, ListLiteral, Literal, Name, Node, Select, children
from writ.values.types import ListOf


@dataclass(frozen=True, slots=True)
class Schema:
    """A value that a JSON Schema describes."""

    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an entity; with `optional`, a mapping that may have one as `row`."""

    entity: Entity
    optional: bool = False


@dataclass(frozen=True, slots=True)
class FieldValue:
    """The value of a field of a row."""

    field: EntityField


@dataclass(frozen=True, slots=True)
class Several:
    """A list of at most `most` elements."""

    most: int | None
    element: Shape


Shape = Schema | Row | FieldValue | Several | None
Scope = Mapping[str, Shape]


class Bounds:
    """The bounds of the values in one tool. `tools` are those it may call."""

    def __init__(self, graph: FlowGraph, tools: Mapping[str, TypedTool]) -> None:
        self._graph = graph
        self._tools = tools

    def result(self, step: Step) -> Shape:
        """What the name of a step stands for."""
        return self._names.get(step.facts.binds or "")

    def scope(self, step: Step | None) -> Scope:
        """The names that the expressions of a step, or of a policy of the tool, may use."""
        around = [] if step is None else [*reversed(list(self._graph.repeated(step))), step]
        if not any(one.facts.repetition for one in around):
            return self._names
        scope = dict(self._names)
        for one in around:
            if one.facts.repetition is not None:
                scope[one.facts.repetition.item] = element(_over(one.facts, scope))
        return scope

    @cached_property
    def _names(self) -> dict[str, Shape]:
        names: dict[str, Shape] = {"input": Schema(self._graph.tool.input_schema)}
        for step in self._graph.steps:
            if step.facts.binds is not None:
                names[step.facts.binds] = self._bound(step.facts, names)
        return names

    def _bound(self, facts: Facts, names: Scope) -> Shape:
        if facts.read is not None:
            row = Row(facts.read.entity, optional=facts.read.expect == "optional")
            return Several(_limit(facts, names), row) if facts.read.expect == "many" else row
        if facts.write is not None and facts.write.entity is not None:
            return _written(facts, Row(facts.write.entity))
        if facts.outside is not None and facts.outside.operation is not None:
            return Schema(facts.outside.operation.response or {})
        if facts.calls in self._tools:
            return Schema(self._tools[facts.calls or ""].output_schema)
        value = next((use for use in facts.uses if use.purpose == "bind" and use.place == "value"), None)
        return shape(value.expression.tree, names) if value else None


def _written(facts: Facts, row: Row) -> Shape:
    if facts.write is None or facts.write.rows == (1, 1):
        return row
    return Several(facts.write.rows[1], row)


def _limit(facts: Facts, names: Scope) -> int | None:
    """What a limit does not bound itself, the system does; a read without one is a mistake of its own."""
    limit = next((use for use in facts.uses if use.purpose == "limit"), None)
    if limit is None:
        return None
    most = greatest(limit.expression.tree, names)
    return MOST_ROWS if most is None else min(int(most), MOST_ROWS)


def _over(facts: Facts, scope: Scope) -> Shape:
    over = next((use for use in facts.uses if use.purpose == "over"), None)
    return shape(over.expression.tree, scope) if over else None


def shape(node: Node | None, scope: Scope) -> Shape:
    """What an expression stands for; None where nothing is known."""
    match node:
        case Name(name=name):
            return scope.get(name)
        case Select(operand=operand, field=field, test=False):
            return _part(shape(operand, scope), field)
        case Call(function="_[_]", arguments=(operand, _)):
            return element(shape(operand, scope))
        case Call(function="_?_:_", arguments=(_, yes, no)):
            return _larger(shape(yes, scope), shape(no, scope))
        case ListLiteral(elements=elements):
            return Several(len(elements), shape(elements[0], scope) if elements else None)
        case Call(function="_+_", arguments=(left, right)):
            return _joined(shape(left, scope), shape(right, scope))
        case Comprehension(start=ListLiteral()):
            return Several(elements_at_most(shape(node.range, scope)), shape(built(node), _inside(node, scope)))
    return None


def elements_at_most(of: Shape) -> int | None:
    """How many elements a list has at most."""
    match of:
        case Several(most=most):
            return most
        case Schema(schema=schema):
            return _whole(schema.get("maxItems"))
        case FieldValue(field=field) if isinstance(field.type, ListOf):
            return field.max_items
    return None


def element(of: Shape) -> Shape:
    """What the elements of a list are."""
    if isinstance(of, Several):
        return of.element
    if isinstance(of, Schema):
        items = of.schema.get("items")
        return Schema(items) if isinstance(items, dict) else None
    return None


def greatest(node: Node | None, scope: Scope) -> float | None:
    """The greatest number that an expression can be."""
    match node:
        case Literal(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case Call(function="_?_:_", arguments=(_, yes, no)):
            either = (greatest(yes, scope), greatest(no, scope))
            return None if None in either else max(one for one in either if one is not None)
        case Call(function="size", target=target, arguments=arguments):
            return elements_at_most(shape(target or arguments[0], scope))
    of = shape(node, scope)
    if isinstance(of, FieldValue):
        return of.field.maximum
    most = of.schema.get("maximum") if isinstance(of, Schema) else None
    return most if isinstance(most, int | float) else None


def steps_at_most(expression: TypedExpression, scope: Scope) -> int:
    """How many elements its folds (`map`, `filter`, `all`, `exists`) go through, those inside of others multiplied.

    A list without a bound counts as one element.
    """
    return _steps(expression.tree, scope) if expression.tree is not None else 0


def _steps(node: Node, scope: Scope) -> int:
    if isinstance(node, Comprehension):
        most = elements_at_most(shape(node.range, scope))
        inner = _inside(node, scope)
        each = 1 + _steps(node.condition, inner) + _steps(node.step, inner)
        return _steps(node.range, scope) + (1 if most is None else most) * each
    if isinstance(node, Call) and node.function == "_?_:_":
        condition, yes, no = node.arguments
        return _steps(condition, scope) + max(_steps(yes, scope), _steps(no, scope))
    return sum(_steps(child, scope) for child in children(node))


def _inside(node: Comprehension, scope: Scope) -> Scope:
    return {**scope, node.variable: element(shape(node.range, scope)), node.accumulator: None}


def _part(of: Shape, name: str) -> Shape:
    match of:
        case Schema(schema=schema):
            inner = schema.get("properties", {}).get(name)
            return Schema(inner) if isinstance(inner, dict) else None
        case Row(entity=entity, optional=True) if name == "row":
            return Row(entity)
        case Row(entity=entity, optional=False) if name in entity.fields:
            return FieldValue(entity.fields[name])
    return None


def _larger(one: Shape, other: Shape) -> Shape:
    known = [it for it in (one, other) if it is not None]
    return max(known, key=lambda it: elements_at_most(it) or 0, default=None)


def _joined(one: Shape, other: Shape) -> Shape:
    most = _sum((elements_at_most(one), elements_at_most(other)))
    return Several(most, element(one)) if most is not None else None


def _sum(numbers: Iterable[int | None]) -> int | None:
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
