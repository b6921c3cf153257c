"""Value types as the engine's own types: records become protobuf descriptors, so that it knows every field.

Only the checking pass uses these. Optional fields have their plain type here: whether they are there is our own
question (see `presence.py`), which the engine's nullable wrappers answer too late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cel_expr_python import cel  # type: ignore[import-untyped]
from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, struct_pb2, timestamp_pb2, wrappers_pb2

from writ.values.dialect import extensions
from writ.values.names import selectable
from writ.values.types import (
    Anything,
    Boolean,
    Duration,
    Integer,
    ListOf,
    Money,
    Nothing,
    Number,
    Record,
    Text,
    Timestamp,
    ValueType,
    fields_of,
)

_Field = descriptor_pb2.FieldDescriptorProto
_PACKAGE = "__record"  # nothing an author would write, so that no variable is taken for a type
_WELL_KNOWN = (timestamp_pb2, duration_pb2, struct_pb2, wrappers_pb2)
_PLAIN: Mapping[str, Any] = {"integer": _Field.TYPE_INT64, "number": _Field.TYPE_DOUBLE, "boolean": _Field.TYPE_BOOL}
_MESSAGES = {
    "timestamp": ".google.protobuf.Timestamp",
    "duration": ".google.protobuf.Duration",
    "anything": ".google.protobuf.Value",
    "nothing": ".google.protobuf.Value",
    # a list inside a list cannot be a protobuf field: its elements are untyped to the engine, not to our own typing
    "list": ".google.protobuf.ListValue",
}
_CEL: Mapping[str, cel.Type] = {
    "integer": cel.Type.INT,
    "number": cel.Type.DOUBLE,
    "boolean": cel.Type.BOOL,
    "timestamp": cel.Type.TIMESTAMP,
    "duration": cel.Type.DURATION,
    "anything": cel.Type.DYN,
    "nothing": cel.Type.NULL,
}
_PRIMITIVES: Mapping[int, ValueType] = {1: Boolean(), 2: Integer(), 3: Integer(), 4: Number(), 5: Text()}
_KNOWN: Mapping[int, ValueType] = {1: Anything(), 2: Timestamp(), 3: Duration()}


@dataclass(frozen=True)
class Environment:
    """The engine prepared for one scope, and the record each of its message names stands for."""

    engine: cel.Env
    records: Mapping[str, ValueType]


def environment(scope: Mapping[str, ValueType]) -> Environment:
    """The checking environment of a scope; the same scope gives the same one."""
    return _environment(tuple(sorted(scope.items(), key=lambda item: item[0])))


@lru_cache(maxsize=128)
def _environment(scope: tuple[tuple[str, ValueType], ...]) -> Environment:
    builder = _Builder()
    variables = {name: builder.variable(type) for name, type in scope if selectable(name)}
    engine = cel.NewEnv(descriptor_pool=builder.pool(), variables=variables, extensions=extensions())
    return Environment(engine, {name: record for record, name in builder.names.items()})


class _Builder:
    def __init__(self) -> None:
        self.names: dict[ValueType, str] = {}
        self._file = descriptor_pb2.FileDescriptorProto(
            name="records.proto",
            package=_PACKAGE,
            syntax="proto2",
            dependency=[module.DESCRIPTOR.name for module in _WELL_KNOWN],
        )

    def pool(self) -> descriptor_pool.DescriptorPool:
        pool = descriptor_pool.DescriptorPool()
        for module in _WELL_KNOWN:
            copy = descriptor_pb2.FileDescriptorProto()
            module.DESCRIPTOR.CopyToProto(copy)
            pool.Add(copy)
        pool.Add(self._file)
        return pool

    def variable(self, type: ValueType) -> cel.Type:
        if isinstance(type, ListOf):
            return cel.Type.List(self.variable(type.element))
        if isinstance(type, Record | Money):
            return cel.Type(self._message(type))
        return _CEL.get(type.kind, cel.Type.STRING)

    def _message(self, type: Record | Money) -> str:
        if type not in self.names:
            self.names[type] = f"{_PACKAGE}.R{len(self.names)}"
            message = descriptor_pb2.DescriptorProto(name=self.names[type].rpartition(".")[2])
            # the json names are never used, but two fields such as `a_b` and `aB` would share one
            message.options.deprecated_legacy_json_field_conflicts = True
            usable = [field for field in fields_of(type) if selectable(field.name)]
            for number, field in enumerate(usable, start=1):
                self._field(message, field.name, number, field.type)
            self._file.message_type.append(message)
        return self.names[type]

    def _field(self, message: descriptor_pb2.DescriptorProto, name: str, number: int, type: ValueType) -> None:
        field = message.field.add(name=name, number=number, label=_Field.LABEL_OPTIONAL)
        if isinstance(type, ListOf):
            field.label = _Field.LABEL_REPEATED
            type = type.element
        if isinstance(type, Record | Money):
            field.type, field.type_name = _Field.TYPE_MESSAGE, "." + self._message(type)
        elif type.kind in _MESSAGES:
            field.type, field.type_name = _Field.TYPE_MESSAGE, _MESSAGES[type.kind]
        else:
            field.type = _PLAIN.get(type.kind, _Field.TYPE_STRING)


def value_type(message: Any, records: Mapping[str, ValueType]) -> ValueType | None:
    """Our type for the engine's type message; None where its values have no JSON form (bytes, types)."""
    match message.WhichOneof("kind"):
        case "dyn" | "type_param" | "map_type":
            return Anything()
        case "null":
            return Nothing()
        case "primitive":
            return _PRIMITIVES.get(message.primitive)
        case "wrapper":
            return _PRIMITIVES.get(message.wrapper)
        case "well_known":
            return _KNOWN.get(message.well_known)
        case "list_type":
            element = value_type(message.list_type.elem_type, records)
            return None if element is None else ListOf(element=element)
        case "message_type":
            return records.get(message.message_type)
        case _:
            return None
