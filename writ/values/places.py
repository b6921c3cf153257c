"""Where the parts of an expression start and end in its source, for carets."""

from __future__ import annotations

import re

from writ.values.syntax import (
    Call,
    Comprehension,
    ListLiteral,
    Literal,
    MapLiteral,
    Name,
    Node,
    Select,
    children,
    walk,
)

_LITERAL = re.compile(
    r"""-?\s*(?:0[xX][0-9a-fA-F]+|[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)[uU]?
    | (?:[bB]?[rR]|[rR]?[bB])?(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | true | false | null""",
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def extent(node: Node, source: str) -> tuple[int, int]:
    """Offset and length, in characters, of the stretch of `source` that `node` was read from (at least one long)."""
    written = [part for part in walk(node) if part.at.offset >= 0]
    if not written:
        return 0, max(1, len(source))
    start = min(_start(part, source) for part in written)
    return start, max(1, _end(node, source) - start)


def _start(node: Node, source: str) -> int:
    if isinstance(node, Call) and source[node.at.offset : node.at.offset + 1] == "(":
        name = node.function.rpartition(".")[2]
        before = node.at.offset - len(name)
        return before if source[max(0, before) : node.at.offset] == name else node.at.offset
    return node.at.offset


def _end(node: Node, source: str) -> int:
    match node:
        case Name():
            return node.at.offset + len(node.name)
        case Literal():
            found = _LITERAL.match(source, max(0, node.at.offset))
            return found.end() if found else node.at.offset + 1
        case Select():
            after = max(_end(node.operand, source), 0)
            at = source.find(node.field, after)
            return at + len(node.field) if at >= 0 else after
        case _:
            return _closed(node, source)


def _closed(node: Node, source: str) -> int:
    inner = [_end(child, source) for child in children(node) if child.at.offset >= 0]
    end = max([node.at.offset + 1, *inner])
    opening = source[node.at.offset : node.at.offset + 1]
    if not isinstance(node, Call | Comprehension | ListLiteral | MapLiteral) or opening not in _CLOSING:
        return end
    rest = source[end:]
    spaces = len(rest) - len(rest.lstrip())
    return end + spaces + 1 if rest[spaces : spaces + 1] == _CLOSING[opening] else end


def field_place(node: Select, source: str) -> tuple[int, int]:
    """Offset and length of the field's name in `operand.field`."""
    start, length = extent(node, source)
    return start + length - len(node.field), len(node.field)


def text_of(node: Node, source: str) -> str:
    """The source `node` was read from, to be shown in a message."""
    start, length = extent(node, source)
    return source[start : start + length]
