"""What a value shows of what it was made from: not that of which only a number, a comparison or a choice is in it."""

from __future__ import annotations

from dataclasses import replace

from writ.graph.origins import DataFlow, Origins
from writ.spec.resolved import TypedExpression
from writ.values.syntax import Call, Comprehension, ListLiteral, Literal, MapLiteral, Node, Place, Select, walk
from writ.values.syntax import Name as Variable

_COMPARES = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "startsWith", "endsWith", "matches"})
_TELLS_LITTLE = _COMPARES | {"size", "!_", "_&&_", "_||_"}
_NOTHING = Literal(Place(0, -1), None)


def shown(data: DataFlow, expression: TypedExpression) -> Origins:
    """The sources whose values can be read off the value of the expression."""
    if expression.tree is None:
        return data.of(expression)
    return data.of(replace(expression, tree=_cut(expression.tree)))


def _cut(node: Node) -> Node:
    """The expression without what it only counts, compares or chooses by."""
    match node:
        case Select():
            return _NOTHING if node.test else replace(node, operand=_cut(node.operand))
        case Call():
            return _call(node)
        case ListLiteral():
            return replace(node, elements=tuple(_cut(one) for one in node.elements))
        case MapLiteral():
            return replace(node, entries=tuple((key, _cut(value)) for key, value in node.entries))
        case Comprehension():
            return _fold(node)
    return node


def _call(node: Call) -> Node:
    if node.function in _TELLS_LITTLE:
        return _NOTHING
    if node.function == "_?_:_":
        return replace(node, arguments=(_NOTHING, *map(_cut, node.arguments[1:])))
    target = _cut(node.target) if node.target else None
    return replace(node, target=target, arguments=tuple(map(_cut, node.arguments)))


def _fold(node: Comprehension) -> Node:
    """`exists` and the like answer yes or no; a `map` that looks at nothing of its elements only counts them."""
    if not isinstance(node.start, ListLiteral):
        return _NOTHING
    if _filters(node):
        return _cut(node.range)
    step = _cut(node.step)
    if not any(isinstance(one, Variable) and one.name == node.variable for one in walk(step)):
        return _NOTHING
    return replace(node, range=_cut(node.range), condition=_NOTHING, step=step, result=_cut(node.result))


def _filters(node: Comprehension) -> bool:
    """Whether it only leaves elements out (`filter`): what is left is as it was."""
    match node.step:
        case Call(
            function="_?_:_", arguments=(_, Call(function="_+_", arguments=(_, ListLiteral(elements=(kept,)))), _)
        ):
            return isinstance(kept, Variable) and kept.name == node.variable
    return False
