"""The engine's serialized expression (protobuf `cel.expr.CheckedExpr` or `ParsedExpr`) read into our own syntax.

The engine ships no generated classes, so the parts we read are described here; field numbers follow cel-spec's
`cel/expr/syntax.proto` and `cel/expr/checked.proto`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message

from writ.values.objects import Hidden
from writ.values.syntax import (
    Call,
    Comprehension,
    Construction,
    ListLiteral,
    Literal,
    MapLiteral,
    Name,
    Node,
    Place,
    Select,
)

_Field = descriptor_pb2.FieldDescriptorProto
_SCALARS = {
    "int64": _Field.TYPE_INT64,
    "uint64": _Field.TYPE_UINT64,
    "int32": _Field.TYPE_INT32,
    "bool": _Field.TYPE_BOOL,
    "double": _Field.TYPE_DOUBLE,
    "string": _Field.TYPE_STRING,
    "bytes": _Field.TYPE_BYTES,
}
# message → field → (number, type); `*` is repeated, `?` belongs to the message's one-of; maps are lists of entries.
_LAYOUT: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "Expr": {
        "id": (2, "int64"),
        "const_expr": (3, "?Constant"),
        "ident_expr": (4, "?Ident"),
        "select_expr": (5, "?Select"),
        "call_expr": (6, "?Call"),
        "list_expr": (7, "?CreateList"),
        "struct_expr": (8, "?CreateStruct"),
        "comprehension_expr": (9, "?Fold"),
    },
    "Constant": {
        "null_value": (1, "?int32"),
        "bool_value": (2, "?bool"),
        "int64_value": (3, "?int64"),
        "uint64_value": (4, "?uint64"),
        "double_value": (5, "?double"),
        "string_value": (6, "?string"),
        "bytes_value": (7, "?bytes"),
    },
    "Ident": {"name": (1, "string")},
    "Select": {"operand": (1, "Expr"), "field": (2, "string"), "test_only": (3, "bool")},
    "Call": {"target": (1, "Expr"), "function": (2, "string"), "args": (3, "*Expr")},
    "CreateList": {"elements": (1, "*Expr")},
    "CreateStruct": {"message_name": (1, "string"), "entries": (2, "*Entry")},
    "Entry": {"id": (1, "int64"), "field_key": (2, "string"), "map_key": (3, "Expr"), "value": (4, "Expr")},
    "Fold": {
        "iter_var": (1, "string"),
        "iter_range": (2, "Expr"),
        "accu_var": (3, "string"),
        "accu_init": (4, "Expr"),
        "loop_condition": (5, "Expr"),
        "loop_step": (6, "Expr"),
        "result": (7, "Expr"),
        "iter_var2": (8, "string"),
    },
    "Position": {"key": (1, "int64"), "value": (2, "int32")},
    "SourceInfo": {"positions": (4, "*Position")},
    "Empty": {},
    "ListType": {"elem_type": (1, "Type")},
    "MapType": {"key_type": (1, "Type"), "value_type": (2, "Type")},
    "AbstractType": {"name": (1, "string"), "parameter_types": (2, "*Type")},
    "Type": {
        "dyn": (1, "?Empty"),
        "null": (2, "?int32"),
        "primitive": (3, "?int32"),
        "wrapper": (4, "?int32"),
        "well_known": (5, "?int32"),
        "list_type": (6, "?ListType"),
        "map_type": (7, "?MapType"),
        "message_type": (9, "?string"),
        "type_param": (10, "?string"),
        "type": (11, "?Type"),
        "error": (12, "?Empty"),
        "abstract_type": (14, "?AbstractType"),
    },
    "Typing": {"key": (1, "int64"), "value": (2, "Type")},
    "ParsedExpr": {"expr": (2, "Expr"), "source_info": (3, "SourceInfo")},
    "CheckedExpr": {"type_map": (3, "*Typing"), "expr": (4, "Expr"), "source_info": (5, "SourceInfo")},
}


@dataclass(frozen=True)
class Decoded:
    """An expression read back: its tree, and the engine's type message by node id (empty where it was only parsed)."""

    root: Node
    types: Mapping[int, Any]


@cache
def _classes() -> Mapping[str, type[Message]]:
    described = descriptor_pb2.FileDescriptorProto(name="expression.proto", package="cel.expr", syntax="proto3")
    for name, fields in _LAYOUT.items():
        _describe(described.message_type.add(name=name), fields)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(described)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"cel.expr.{name}")) for name in _LAYOUT}


def _describe(message: descriptor_pb2.DescriptorProto, fields: Mapping[str, tuple[int, str]]) -> None:
    for name, (number, written) in fields.items():
        kind = written.lstrip("*?")
        label = _Field.LABEL_REPEATED if written[0] == "*" else _Field.LABEL_OPTIONAL
        field = message.field.add(name=name, number=number, label=label)
        field.type = _SCALARS.get(kind, _Field.TYPE_MESSAGE)
        if kind not in _SCALARS:
            field.type_name = f".cel.expr.{kind}"
        if written[0] == "?":
            field.oneof_index = 0
    if any(written[0] == "?" for _, written in fields.values()):
        message.oneof_decl.add(name="kind")


def decode(serialized: bytes, hiding: Hidden | None = None) -> Decoded:
    """Read what the engine's `serialize()` gave, checked or only parsed. Of a source with hidden literals, as if they
    had not been hidden.
    """
    envelope = any_pb2.Any.FromString(serialized)
    message: Any = _classes()[envelope.type_url.rpartition(".")[2]].FromString(envelope.value)
    positions = {entry.key: entry.value for entry in message.source_info.positions}
    types = {entry.key: entry.value for entry in getattr(message, "type_map", ())}
    return Decoded(_Reader(positions, hiding).read(message.expr), types)


class _Reader:
    def __init__(self, positions: Mapping[int, int], hiding: Hidden | None) -> None:
        self._positions = positions
        self._hiding = hiding

    def read(self, expr: Any) -> Node:
        offset = self._positions.get(expr.id, -1)
        if self._hiding is not None and offset >= 0:
            if expr.WhichOneof("kind") == "call_expr" and offset in self._hiding.calls:
                return self.read(expr.call_expr.args[0])
            offset = self._hiding.origin[offset]
        at = Place(expr.id, offset)
        match expr.WhichOneof("kind"):
            case "const_expr":
                return Literal(at, _constant(expr.const_expr))
            case "ident_expr":
                return Name(at, expr.ident_expr.name.removeprefix("."))
            case "select_expr":
                select = expr.select_expr
                return Select(at, self.read(select.operand), select.field, select.test_only)
            case "call_expr":
                return self._call(at, expr.call_expr)
            case "list_expr":
                return ListLiteral(at, self._all(expr.list_expr.elements))
            case "struct_expr":
                return self._struct(at, expr.struct_expr)
            case _:
                return self._fold(at, expr.comprehension_expr)

    def _all(self, expressions: Any) -> tuple[Node, ...]:
        return tuple(self.read(expression) for expression in expressions)

    def _call(self, at: Place, call: Any) -> Call:
        target = self.read(call.target) if call.HasField("target") else None
        return Call(at, call.function, target, self._all(call.args))

    def _struct(self, at: Place, struct: Any) -> MapLiteral | Construction:
        if struct.message_name:
            return Construction(at, struct.message_name)
        return MapLiteral(at, tuple((self.read(entry.map_key), self.read(entry.value)) for entry in struct.entries))

    def _fold(self, at: Place, fold: Any) -> Comprehension:
        return Comprehension(
            at,
            fold.iter_var,
            fold.iter_var2,
            self.read(fold.iter_range),
            fold.accu_var,
            self.read(fold.accu_init),
            self.read(fold.loop_condition),
            self.read(fold.loop_step),
            self.read(fold.result),
        )


def _constant(constant: Any) -> str | int | float | bool | bytes | None:
    which = constant.WhichOneof("kind")
    if which in (None, "null_value"):
        return None
    value: str | int | float | bool | bytes = getattr(constant, which)
    return value
