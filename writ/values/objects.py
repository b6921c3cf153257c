"""Object literals beside records: `has(stay.fee) ? stay.fee : {'amount': 0, 'currency': 'EUR'}`.

To the engine a record is one type and an object literal another, so it refuses every such pair. Here the literal is
hidden from it (in `dyn(...)`), and whether its entries fit the record is judged by us.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from writ.values.syntax import Call, MapLiteral, Node, walk
from writ.values.types import Money, Record, ValueType

Types = Mapping[int, ValueType | None]

_PARTS = re.compile(
    r"""\"{3}.*?\"{3} | '{3}.*?'{3} | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | //[^\n]* | [(\[{] | [)\]}]""",
    re.VERBOSE | re.DOTALL,
)
_BEFORE, _BEHIND = "dyn(", ")"


def sides(node: Node) -> tuple[Node, ...]:
    """The two values of a node that must have one type: the branches of a choice, what is compared; else none."""
    match node:
        case Call(function="_?_:_", arguments=(_, yes, no)):
            return (yes, no)
        case Call(function="_==_" | "_!=_", arguments=(left, right)):
            return (left, right)
    return ()


def outcomes(node: Node) -> Iterator[Node]:
    """The values a node can turn out to be: those of both branches of a choice, else itself."""
    match node:
        case Call(function="_?_:_", arguments=(_, yes, no)):
            yield from outcomes(yes)
            yield from outcomes(no)
        case _:
            yield node


@dataclass(frozen=True, slots=True)
class Hidden:
    """A source in which literals are hidden. `origin` leads from each of its offsets to that in the original source,
    `calls` are the offsets of what hides them.
    """

    text: str
    origin: tuple[int, ...]
    calls: frozenset[int]


def hidden(source: str, root: Node, types: Types) -> Hidden | None:
    """The source without its literals beside records; None where it has none."""
    starts = {literal.at.offset for literal in _beside_records(root, types)}
    ends = {end for start in starts if (end := _closing(source, start)) is not None}
    if not starts or len(ends) != len(starts):
        return None
    text, origin, calls = "", list[int](), set[int]()
    for at in range(len(source) + 1):
        added = (_BEHIND if at in ends else "") + (_BEFORE if at in starts else "")
        if at in starts:
            calls.add(len(text) + len(added) - 1)
        text += added + source[at : at + 1]
        origin += [at] * (len(added) + 1)
    return Hidden(text, tuple(origin), frozenset(calls))


def _beside_records(root: Node, types: Types) -> Iterator[MapLiteral]:
    for node in walk(root):
        found = [outcome for side in sides(node) for outcome in outcomes(side)]
        if any(isinstance(types.get(one.at.id), Record | Money) for one in found if not isinstance(one, MapLiteral)):
            yield from (one for one in found if isinstance(one, MapLiteral))


def _closing(source: str, start: int) -> int | None:
    """The offset behind the bracket that closes the one at `start`."""
    depth = 0
    for part in _PARTS.finditer(source, start):
        depth += (part[0] in ("(", "[", "{")) - (part[0] in (")", "]", "}"))
        if depth == 0:
            return part.end()
    return None
