"""Where a value comes from: one data-flow analysis over the checked expressions of a tool, for all rules.

It follows values through names, rows that the run wrote itself, comprehensions and calls. What it cannot follow it says
(`untyped`); it never guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from writ.graph.flow import FlowGraph, Step
from writ.nodes.facts import Use
from writ.spec.resolved import Entity, EntityField, TypedExpression
from writ.values.syntax import Call, Comprehension, Name, Node, Select, children, path_of, references
from writ.values.syntax import Literal as Constant
from writ.values.types import Anything, ListOf, ValueType, field_of

Kind = Literal["input", "row", "response", "principal", "claims", "time", "run", "literal", "item"]


@dataclass(frozen=True, slots=True)
class Origin:
    """One source of a value. `name` is the path in the input (`input.lines.price`), `Order.total` for a field of a row,
    `carrier.create_parcel.parcel` for a response, `principal.subject`, `now`. `step` is the index of the step that got
    it, None for what the run was given. `field` is the field of a row.
    """

    kind: Kind
    name: str
    step: int | None = None
    field: EntityField | None = field(default=None, compare=False)


Origins = frozenset[Origin]
_NONE: Origins = frozenset()


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a name stands for whose fields are those of rows, and what the run itself wrote into them."""

    entity: Entity
    step: int
    written: Mapping[str, Origins]


@dataclass(frozen=True, slots=True)
class _Plain:
    """What a name stands for whose parts are named `prefix.part`."""

    kind: Kind
    prefix: str
    step: int | None = None


_Source = _Rows | _Plain | Origins
_GIVEN: Mapping[str, _Source] = {
    "input": _Plain("input", "input"),
    "now": _Plain("time", "now"),
    "run": _Plain("run", "run"),
    "principal": _Plain("principal", "principal"),
}


class DataFlow:
    """The origins of every expression of a tool."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self._names: dict[str, _Source] = dict(_GIVEN)
        for step in graph.steps:
            self._enter(step)

    def of(self, expression: TypedExpression) -> Origins:
        """All sources of the value, those of its parts and of what decides it too."""
        return self._node(expression.tree, {}) if expression.tree is not None else self._paths(expression)

    def of_use(self, use: Use) -> Origins:
        """All sources of the value of one use."""
        return self.of(use.expression)

    def personal(self, expression: TypedExpression) -> frozenset[str]:
        """The personal fields (`Patient.email`) whose values are in it."""
        return frozenset(it.name for it in self.of(expression) if it.field is not None and it.field.personal)

    def secret(self, expression: TypedExpression) -> frozenset[str]:
        """The secret fields whose values are in it."""
        return frozenset(it.name for it in self.of(expression) if it.field is not None and it.field.secret)

    def from_input(self, expression: TypedExpression) -> frozenset[str]:
        """The paths of the input (`input.amount`) it depends on."""
        return frozenset(it.name for it in self.of(expression) if it.kind == "input")

    def untyped(self, expression: TypedExpression) -> bool:
        """Whether nothing is known of its type, or of the type of something it reads, before it runs."""
        return isinstance(expression.type, Anything) or bool(self.untyped_paths(expression))

    def untyped_paths(self, expression: TypedExpression) -> tuple[tuple[str, ...], ...]:
        """What it reads of whose type nothing is known. What it turns into a type, or only asks for with `has()`,
        cannot be of a wrong one: where it does not convert, there is no value at all.
        """
        tree = expression.tree
        read = references(tree, without=_has_a_type) if tree is not None else expression.references
        return tuple(path for path in sorted(read) if self.untyped_path(path))

    def untyped_path(self, path: tuple[str, ...]) -> bool:
        """Whether nothing is known of the type of what stands there (`input.level`)."""
        return isinstance(self._type(path), Anything)

    def guards(self, step: Step) -> Iterator[tuple[Step, Use]]:
        """The conditions that every run has passed, or that were decided, when it comes to the step."""
        passed = [one for one in self._graph.steps_always_before(step) if one.facts.kind == "require"]
        around = [self._graph.steps[index] for index, _ in step.containers]
        for one in (*passed, *around):
            yield from ((one, use) for use in one.facts.uses if use.purpose == "guard")

    def type_of(self, path: tuple[str, ...]) -> ValueType | None:
        """The type of what a path reads (`("input", "amount")`); None where no name of the tool begins it."""
        return self._type(path)

    def _type(self, path: tuple[str, ...]) -> ValueType | None:
        type: ValueType | None = self._graph.tool.types.get(path[0])
        for name in path[1:]:
            while isinstance(type, ListOf):
                type = type.element
            if type is None or isinstance(type, Anything):
                return type
            found = field_of(type, name)
            type = found.type if found else None
        return type

    def _enter(self, step: Step) -> None:
        facts = step.facts
        if facts.repetition is not None and facts.binds is None:
            self._names[facts.repetition.item] = self._repeated(step)
        if facts.binds is None:
            return
        entity = facts.write.entity if facts.write else facts.read.entity if facts.read else None
        if entity is not None:
            self._names[facts.binds] = _Rows(entity, step.index, self._written(step))
        elif facts.outside is not None:
            self._names[facts.binds] = _Plain("response", _called(step), step.index)
        elif facts.calls is not None:
            self._names[facts.binds] = _Plain("response", facts.calls, step.index)
        else:
            self._names[facts.binds] = self._computed(step)

    def _computed(self, step: Step) -> _Source:
        """A name for a value: where it is only another name for one, its parts can still be told apart."""
        bound = [use for use in step.facts.uses if use.purpose == "bind"]
        if len(bound) == 1 and bound[0].place == "value":
            return self._source(bound[0].expression.tree, {})
        return _united(self.of(use.expression) for use in bound)

    def _repeated(self, step: Step) -> _Source:
        over = next((use for use in step.facts.uses if use.purpose == "over"), None)
        return self._source(over.expression.tree, {}) if over else _NONE

    def _written(self, step: Step) -> dict[str, Origins]:
        """The origins of what a step writes into its fields; a field that it leaves alone has none here."""
        if step.facts.repetition is not None:
            self._names[step.facts.repetition.item] = self._repeated(step)
        sets = (use for use in step.facts.uses if use.purpose == "set" and use.field is not None)
        return {use.field.name: self.of(use.expression) for use in sets if use.field is not None}

    def _paths(self, expression: TypedExpression) -> Origins:
        return _united(self._at(self._names.get(path[0], _NONE), path[1:]) for path in expression.references)

    def _node(self, node: Node | None, bound: Mapping[str, _Source]) -> Origins:
        if node is None or isinstance(node, Constant):
            return _NONE
        source = self._path_source(node, bound)
        if source is not None:
            return self._whole(source)
        if isinstance(node, Comprehension):
            return self._fold(node, bound)
        return _united(self._node(child, bound) for child in children(node))

    def _fold(self, node: Comprehension, bound: Mapping[str, _Source]) -> Origins:
        element = self._source(node.range, bound)
        inner = {**bound, node.variable: element, node.accumulator: _NONE}
        parts = (self._node(part, inner) for part in (node.start, node.condition, node.step, node.result))
        return _united((*parts, _NONE if _used(node) else self._whole(element)))

    def _source(self, node: Node | None, bound: Mapping[str, _Source]) -> _Source:
        found = self._path_source(node, bound) if node is not None else None
        return self._node(node, bound) if found is None else found

    def _path_source(self, node: Node, bound: Mapping[str, _Source]) -> _Source | None:
        if isinstance(node, Call) and node.function == "_[_]":
            return self._path_source(node.arguments[0], bound)
        path = path_of(node)
        if path is not None:
            source = bound.get(path[0], self._names.get(path[0], _NONE))
            return self._below(source, path[1:])
        if isinstance(node, Select):
            above = self._path_source(node.operand, bound)
            return None if above is None else self._below(above, (node.field,))
        return None

    def _below(self, source: _Source, path: tuple[str, ...]) -> _Source:
        for name in path:
            source = self._part(source, name)
        return source

    def _part(self, source: _Source, name: str) -> _Source:
        match source:
            case _Rows(entity=entity) if name in entity.fields:
                return self._field(source, entity.fields[name])
            case _Plain(kind="principal", prefix="principal") if name == "claims":
                return _Plain("claims", "principal.claims")
            case _Plain(kind=kind, prefix=prefix, step=step):
                return _Plain(kind, f"{prefix}.{name}", step)
        return source

    def _field(self, rows: _Rows, entity_field: EntityField) -> Origins:
        origin = Origin("row", f"{rows.entity.name}.{entity_field.name}", rows.step, entity_field)
        return rows.written.get(entity_field.name, _NONE) | {origin}

    def _at(self, source: _Source, path: tuple[str, ...]) -> Origins:
        return self._whole(self._below(source, path))

    def _whole(self, source: _Source) -> Origins:
        match source:
            case _Rows(entity=entity):
                return _united(self._field(source, one) for one in entity.fields.values())
            case _Plain(kind=kind, prefix=prefix, step=step):
                return frozenset({Origin(kind, prefix, step)})
        return source


_CONVERSIONS = frozenset({"bool", "double", "duration", "int", "string", "timestamp"})


def _has_a_type(node: Node) -> bool:
    """Whether the value of a part has a type although that of what it reads may be unknown."""
    match node:
        case Select(test=True):
            return True
        case Call(function=function, target=None, arguments=(value,)):
            return function in _CONVERSIONS and path_of(value) is not None
    return False


def _called(step: Step) -> str:
    outside = step.facts.outside
    if outside is None or outside.connector is None or outside.operation is None:
        return step.facts.name
    return f"{outside.connector.name}.{outside.operation.name}"


def _used(node: Comprehension) -> bool:
    """Whether the fold looks at its elements; `range.exists(x, true)` still depends on how many there are."""
    return any(_mentions(part, node.variable) for part in (node.condition, node.step))


def _mentions(node: Node, name: str) -> bool:
    return (isinstance(node, Name) and node.name == name) or any(_mentions(child, name) for child in children(node))


def _united(found: Iterable[Origins]) -> Origins:
    return frozenset[Origin]().union(*found)
