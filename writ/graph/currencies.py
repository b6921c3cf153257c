"""Whether two values of money are known to have the same currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from writ.graph.app import AppFacts
from writ.graph.expressions import Placed
from writ.graph.money import Amounts, Key
from writ.values.syntax import Name, Node, Select


def may_differ(app: AppFacts, placed: Placed, amounts: Amounts, first: Node, second: Key) -> bool:
    """Whether the currencies of two values in an expression may differ, as far as the app says; the second may be a
    currency itself.

    The same value twice never does, nor one that the run itself made from the other.
    """
    values = [first] if isinstance(second, str) else [first, second]
    if first == second or (not isinstance(second, str) and _made_of_it(placed, first, second)):
        return False
    return not _connected(first, second, [*_asked(placed, amounts), *_invariants(app, amounts, values)])


def _made_of_it(placed: Placed, first: Node, second: Node) -> bool:
    if placed.tool is None:
        return False
    data = placed.tool.data
    made = [data.of(replace(placed.expression, tree=node)) for node in (first, second)]
    return bool(made[0] & made[1])


def _asked(placed: Placed, amounts: Amounts) -> Iterator[tuple[Key, Key]]:
    """What the expression itself asks, and what was asked on the way to it."""
    yield from amounts.same_currency()
    if placed.tool is None or placed.step is None:
        return
    for _, use in placed.tool.data.guards(placed.step):
        if use.expression.tree is not None:
            yield from Amounts(use.expression.tree, placed.types).same_currency()


def _invariants(app: AppFacts, amounts: Amounts, values: Iterable[Node]) -> Iterator[tuple[Key, Key]]:
    """What holds for the rows that the values are fields of."""
    for value in values:
        owner = amounts.owner(value)
        entity = app.app.entities.get(owner[0]) if owner else None
        for invariant in entity.invariants if entity else ():
            if entity is not None and owner is not None and invariant.that.tree is not None:
                for pair in Amounts(invariant.that.tree, {"this": entity.row}).same_currency():
                    yield _of_row(pair[0], owner[1]), _of_row(pair[1], owner[1])


def _of_row(key: Key, row: Node) -> Key:
    """What an invariant says of `this`, said of a row."""
    if isinstance(key, Select) and isinstance(key.operand, Name) and key.operand.name == "this":
        return replace(key, operand=row)
    return key


def _connected(first: Key, second: Key, equal: Iterable[tuple[Key, Key]]) -> bool:
    pairs = [set(pair) for pair in equal]
    reached: set[Key] = {first}
    for _ in pairs:
        reached |= {key for pair in pairs if reached & pair for key in pair}
    return second in reached
