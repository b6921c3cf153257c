"""Questions about amounts of money in expressions: where one is calculated with, and which share a currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from writ.values.infer import Typing, types_of
from writ.values.syntax import Call, Literal, MapLiteral, Node, Select, path_of, walk
from writ.values.types import Money, Record, ValueType, field_of

_ARITHMETIC = frozenset({"_+_", "_-_", "_*_", "_/_", "_%_", "-_"})
_ADDITIVE = frozenset({"_+_", "_-_", "_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_"})

Key: TypeAlias = Node | str
"""What has a currency: a value (`order.total`), or a currency itself (`EUR`)."""


class Amounts:
    """The amounts of money in one expression, whose names have these types."""

    def __init__(self, tree: Node, types: Mapping[str, ValueType]) -> None:
        self._tree = tree
        self._types = types_of(tree, Typing({}), types)

    def calls(self, function: str) -> Iterator[Call]:
        """The calls of a function or operator whose first argument is calculated from an amount of money."""
        for node in walk(self._tree):
            if (
                isinstance(node, Call)
                and node.function == function
                and node.arguments
                and self.within(node.arguments[0])
            ):
                yield node

    def within(self, node: Node) -> tuple[Node, ...]:
        """The amounts that a calculation adds, multiplies or divides: the values of which each is the `amount`."""
        if isinstance(node, Select) and node.field == "amount" and not node.test and self._is_money(node.operand):
            return (node.operand,)
        if isinstance(node, Call) and node.function in _ARITHMETIC:
            return tuple(one for part in node.arguments for one in self.within(part))
        if isinstance(node, Call) and node.function == "_?_:_":
            return tuple(one for part in node.arguments[1:] for one in self.within(part))
        return ()

    def combined(self) -> Iterator[tuple[Node, Node]]:
        """Two values whose amounts are added, subtracted or compared."""
        for node in walk(self._tree):
            if isinstance(node, Call) and node.function in _ADDITIVE and len(node.arguments) == 2:
                left, right = node.arguments
                yield from ((one, other) for one in self.within(left) for other in self.within(right))

    def labelled(self) -> Iterator[tuple[Node, Key]]:
        """Values whose amount is in money that is made here, and the currency that stands beside it.

        What is divided, or multiplied by a figure of the app's own, may be converted and is left out.
        """
        for node in walk(self._tree):
            if isinstance(node, MapLiteral):
                parts = {key.value: value for key, value in node.entries if isinstance(key, Literal)}
                amount, currency = parts.get("amount"), parts.get("currency")
                label = self._currency(currency) if currency is not None else None
                if amount is not None and label is not None and not self._may_convert(amount):
                    yield from ((value, label) for value in self.within(amount))

    def _may_convert(self, amount: Node) -> bool:
        calls = [node for node in walk(amount) if isinstance(node, Call)]
        factors = (one for call in calls if call.function == "_*_" for one in call.arguments if not self.within(one))
        return any(call.function == "_/_" for call in calls) or not all(map(_is_count, factors))

    def same_currency(self) -> Iterator[tuple[Key, Key]]:
        """What this expression asks to have one currency: `a.currency == b.currency`, `a.currency == 'EUR'`."""
        for node in walk(self._tree):
            if isinstance(node, Call) and node.function == "_==_":
                keys = [self._currency(side) for side in node.arguments]
                if keys[0] is not None and keys[1] is not None:
                    yield keys[0], keys[1]

    def owner(self, money: Node) -> tuple[str, Node] | None:
        """Of a field of a row: the entity's name, and the row."""
        if not isinstance(money, Select):
            return None
        row = self._types.get(money.operand.at.id)
        return (row.name, money.operand) if isinstance(row, Record) and row.name else None

    def _currency(self, node: Node) -> Key | None:
        if isinstance(node, Literal) and isinstance(node.value, str):
            return node.value
        if isinstance(node, Select) and node.field == "currency" and self._is_money(node.operand):
            return node.operand
        return None

    def _is_money(self, node: Node) -> bool:
        type = self._types.get(node.at.id)
        if isinstance(type, Record):
            return len(type.fields) == 2 and all(field_of(type, name) for name in ("amount", "currency"))
        return isinstance(type, Money)


def _is_count(factor: Node) -> bool:
    """Whether a factor says how many there are: a number as it stands, or one that the request gives."""
    path = path_of(factor)
    return isinstance(factor, Literal) or (path is not None and path[0] == "input")


def is_rounded(division: Call, amounts: Amounts) -> bool:
    """Whether a division says how it is rounded: something is added to what is divided (`(amount * 19 + 50) / 100`)."""
    dividend = division.arguments[0]
    if not isinstance(dividend, Call) or dividend.function not in ("_+_", "_-_"):
        return False
    return any(not amounts.within(side) for side in dividend.arguments)


def keeps_the_rest(trees: Iterable[Node], types: Mapping[str, ValueType]) -> bool:
    """Whether one of these takes what a division leaves: with `%`, or by subtracting what was divided."""
    return any(_takes_rest(Amounts(tree, types)) for tree in trees)


def _takes_rest(amounts: Amounts) -> bool:
    if any(True for _ in amounts.calls("_%_")):
        return True
    return any(_divides(call.arguments[1]) for call in amounts.calls("_-_"))


def _divides(node: Node) -> bool:
    return any(isinstance(one, Call) and one.function == "_/_" for one in walk(node))
