"""Wire values to what the engine computes with, only as deep as an expression reads.

The engine takes protobuf messages, not Python datetimes, inside untyped objects; and it converts all it is given, read
or not. So each conversion is built once per program, from the type and the paths that are read; None means that
the value is passed as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from google.protobuf import duration_pb2, timestamp_pb2

from writ.values.syntax import Path
from writ.values.types import ListOf, Money, Record, ValueType, field_of, fields_of
from writ.values.wire import Json, Mismatch, parse_duration, parse_timestamp

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Convert = Callable[[Json], Any]


def conversion(type: ValueType, read: frozenset[Path]) -> Convert | None:
    """How to convert a value of `type` of which the paths `read` are read; the empty path means all of it."""
    if isinstance(type, ListOf):
        return _list(type)
    if isinstance(type, Record | Money):
        return _whole(type) if () in read else _part(type, read)
    return _SCALARS.get(type.kind)


def _list(type: ListOf) -> Convert | None:
    element = conversion(type.element, frozenset({()}))
    if element is None:
        return None

    def convert(value: Json) -> Any:
        return [element(item) for item in value] if isinstance(value, list) else value

    return convert


def _whole(type: Record | Money) -> Convert | None:
    below = {field.name: conversion(field.type, frozenset({()})) for field in fields_of(type)}
    converts = {name: convert for name, convert in below.items() if convert}
    optional = frozenset(field.name for field in fields_of(type) if field.optional)
    if not converts and not optional:
        return None

    def convert(value: Json) -> Any:
        if not isinstance(value, Mapping):
            return value
        present = (item for item in value.items() if item[1] is not None or item[0] not in optional)
        return {name: converts[name](item) if name in converts else item for name, item in present}

    return convert


def _part(type: Record | Money, read: frozenset[Path]) -> Convert:
    parts = tuple(_field(type, name, read) for name in sorted({path[0] for path in read}))

    def convert(value: Json) -> Any:
        if not isinstance(value, Mapping):
            return value
        result = {}
        for name, optional, below in parts:
            item = value.get(name)
            if name in value and not (optional and item is None):
                result[name] = item if below is None else below(item)
        return result

    return convert


def _field(type: Record | Money, name: str, read: frozenset[Path]) -> tuple[str, bool, Convert | None]:
    field = field_of(type, name)
    if field is None:
        return name, False, None
    return name, field.optional, conversion(field.type, frozenset(path[1:] for path in read if path[0] == name))


def _timestamp(value: Json) -> timestamp_pb2.Timestamp:
    since = _parsed(parse_timestamp, value, "timestamp") - _EPOCH
    return timestamp_pb2.Timestamp(seconds=since.days * 86_400 + since.seconds, nanos=since.microseconds * 1000)


def _duration(value: Json) -> duration_pb2.Duration:
    message = duration_pb2.Duration()
    message.FromTimedelta(_parsed(parse_duration, value, "duration"))
    return message


def _parsed(parse: Callable[[str], Any], value: Json, kind: str) -> Any:
    if not isinstance(value, str):
        raise Mismatch("", f"is not a {kind}")
    try:
        return parse(value)
    except ValueError:
        raise Mismatch("", f"is not a {kind}") from None


def _number(value: Json) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


_SCALARS: Mapping[str, Convert] = {"timestamp": _timestamp, "duration": _duration, "number": _number}
