"""Expressions so plain that they need no engine to be understood: `slot.starts_at`, `'booked'`, `20`, `true`.

Most expressions of a spec are. What is read here is exactly what the engine would have read, and where there is any
doubt (an unknown field, a value without a type, a reserved word) the engine is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from writ.values.dialect import NAMESPACES, TYPE_NAMES
from writ.values.names import selectable
from writ.values.syntax import Literal, Name, Node, Place, Select
from writ.values.types import ValueType, field_of

_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)
_TEXT = re.compile(r"'[ !#-&(-\[\]-~]*'")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)
_TRUTH = {"true": True, "false": False}


def plain(source: str, scope: Mapping[str, ValueType]) -> Node | None:
    """The whole expression, if it is a path of typed fields or a literal; None where the engine must say what it is."""
    if source in _TRUTH:
        return Literal(Place(1, 0), _TRUTH[source])
    if _PATH.fullmatch(source):
        return _path(source, scope)
    if _TEXT.fullmatch(source):
        return Literal(Place(1, 0), source[1:-1])
    return Literal(Place(1, 0), int(source)) if _WHOLE.fullmatch(source) else None


def _path(source: str, scope: Mapping[str, ValueType]) -> Node | None:
    first, *names = source.split(".")
    if first in TYPE_NAMES or first in NAMESPACES or first not in scope or not selectable(first):
        return None
    type: ValueType = scope[first]
    node: Node = Name(Place(1, 0), first)
    offset = len(first)
    for number, name in enumerate(names, start=2):
        field = field_of(type, name)
        if field is None or not selectable(name):
            return None
        node, type = Select(Place(number, offset), node, name), field.type
        offset += 1 + len(name)
    return node
