"""The finest type we can give a part of an expression.

The engine knows texts, integers and records. That a text is a state of Slot, or which fields an object literal has, it
does not know. So paths, literals and list macros are typed here, and everything else has the engine's type.
"""

from __future__ import annotations

from collections.abc import Mapping

from writ.values.syntax import Call, Comprehension, ListLiteral, Literal, MapLiteral, Name, Node, Select, children
from writ.values.types import (
    Anything,
    Boolean,
    Enumeration,
    FieldType,
    Integer,
    ListOf,
    Nothing,
    Number,
    Record,
    Text,
    Unknown,
    ValueType,
    accepts,
    field_of,
)

Scope = Mapping[str, ValueType | None]


class Typing:
    """Types by node. `engine` maps node ids to what the checker found; it is empty where the checker gave up."""

    def __init__(self, engine: Mapping[int, ValueType | None]) -> None:
        self._engine = engine

    def of(self, node: Node, scope: Scope) -> ValueType | None:
        """The type of `node`, or None where it is unknown or its values have no JSON form."""
        match node:
            case Literal():
                return _literal(node)
            case Name():
                return scope.get(node.name) if node.name in scope else self._engine.get(node.at.id) or Unknown()
            case Select():
                return self._select(node, scope)
            case Call():
                return self._call(node, scope)
            case ListLiteral():
                return self._list(node, scope)
            case MapLiteral():
                return self._map(node, scope)
            case Comprehension():
                return self._fold(node, scope)
            case _:
                return None

    def element(self, node: Node, scope: Scope) -> ValueType | None:
        """The type of what iterating over `node` gives; unknown where it cannot be iterated, which is a mistake."""
        range = self.of(node, scope)
        return range.element if isinstance(range, ListOf) else Unknown()

    def _select(self, node: Select, scope: Scope) -> ValueType | None:
        if node.test:
            return Boolean()
        owner = self.of(node.operand, scope)
        if isinstance(owner, Anything):
            return owner
        field = field_of(owner, node.field)
        return field.type if field else None

    def _call(self, node: Call, scope: Scope) -> ValueType | None:
        match node:
            case Call(function="_[_]", arguments=(operand, _)):
                owner = self.of(operand, scope)
                return owner.element if isinstance(owner, ListOf) else self._computed(node, scope)
            case Call(function="_?_:_", arguments=(_, yes, no)):
                return self._join((yes, no), scope)
            case _:
                return self._computed(node, scope)

    def _computed(self, node: Call, scope: Scope) -> ValueType | None:
        """What the engine says. Untyped, and made of something unknown, it is unknown as well."""
        found = self._engine.get(node.at.id)
        if not isinstance(found, Anything):
            return found
        unknown = (part for part in children(node) if isinstance(self.of(part, scope), Unknown))
        return next((Unknown() for _ in unknown), found)

    def _list(self, node: ListLiteral, scope: Scope) -> ValueType | None:
        if not node.elements:
            return ListOf(element=Anything())
        element = self._join(node.elements, scope)
        return ListOf(element=element) if element else None

    def _join(self, nodes: tuple[Node, ...], scope: Scope) -> ValueType | None:
        types = [self.of(node, scope) for node in nodes]
        result = types[0]
        for type in types[1:]:
            result = _wider(result, type)
        # written texts next to an enumeration do not widen it as long as they are its values
        listed = next((type for type in types if isinstance(type, Enumeration)), None)
        if listed and all(type == listed or _is_value(node, listed) for node, type in zip(nodes, types, strict=True)):
            return listed
        return result

    def _map(self, node: MapLiteral, scope: Scope) -> ValueType | None:
        fields: dict[str, FieldType] = {}
        for key, value in node.entries:
            type = self.of(value, scope)
            if type is None or not isinstance(self.of(key, scope), Text | Enumeration):
                return None
            if not isinstance(key, Literal):
                return Anything()
            fields[str(key.value)] = FieldType(name=str(key.value), type=type)
        return Record(fields=tuple(fields.values()))

    def _fold(self, node: Comprehension, scope: Scope) -> ValueType | None:
        one = built(node)
        if one is None:
            return Boolean() if isinstance(node.start, Literal) else self._engine.get(node.at.id)
        element = self.of(one, {**scope, node.variable: self.element(node.range, scope)})
        return ListOf(element=element) if element else None


def types_of(root: Node, typing: Typing, scope: Scope) -> dict[int, ValueType | None]:
    """The type of `root` and of everything below it, by the id of the node."""
    found = {root.at.id: typing.of(root, scope)}
    inner = scope
    if isinstance(root, Comprehension):
        inner = {**scope, root.variable: typing.element(root.range, scope)}
    for child in children(root):
        found |= types_of(child, typing, scope if child is getattr(root, "range", None) else inner)
    return found


def built(node: Comprehension) -> Node | None:
    """What `map` or `filter` puts into its list for each element; None where the comprehension builds no list."""
    step = node.step
    if isinstance(step, Call) and step.function == "_?_:_":
        step = step.arguments[1]
    match node.start, step:
        case ListLiteral(elements=()), Call(function="_+_", arguments=(Name(), ListLiteral(elements=(one,)))):
            return one
    return None


def _literal(node: Literal) -> ValueType | None:
    value = node.value
    if value is None:
        return Nothing()
    if isinstance(value, bool):
        return Boolean()
    if isinstance(value, str):
        return Text()
    if isinstance(value, int):
        return Integer()
    return Number() if isinstance(value, float) else None


def _is_value(node: Node, listed: Enumeration) -> bool:
    return isinstance(node, Literal) and node.value in listed.values


def _wider(left: ValueType | None, right: ValueType | None) -> ValueType | None:
    if left is None or right is None:
        return None
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Unknown()
    if isinstance(left, Anything) or isinstance(right, Anything):
        return Anything()
    if accepts(left, right):
        return left
    if accepts(right, left):
        return right
    texts = all(accepts(Text(), type) for type in (left, right))
    return Text() if texts else Anything()
