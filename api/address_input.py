"""The input of a tool from its address: texts of the query and of the path become values by the tool's input schema.

A text that does not fit its type stays a text, so that admission refuses it in the one place where inputs are judged.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from api.refusals import DoorRefused
from writ.values.wire import Json

MOST_PARAMETERS = 1000

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}

Schema = Mapping[str, Any]


def segments(raw_path: bytes) -> tuple[str, ...]:
    """The decoded segments of an undecoded path; DoorRefused (400) where one is not percent-encoded UTF-8.

    Split before decoding: an encoded slash is part of a value and never a border.
    """
    try:
        path = raw_path.decode("ascii")
        return tuple(unquote(segment, errors="strict") for segment in path.split("/")[1:])
    except UnicodeDecodeError:
        raise DoorRefused("malformed_address") from None


def query_texts(query: bytes) -> dict[str, list[str]]:
    """The texts of a query by name, in order; DoorRefused (400) where it is not percent-encoded UTF-8."""
    if not query:
        return {}
    if query.count(b"&") >= MOST_PARAMETERS:
        raise DoorRefused("malformed_address", f"The query has more than {MOST_PARAMETERS} parameters.")
    texts: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise DoorRefused("malformed_address") from None
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    return texts


def values(texts: Mapping[str, list[str]], schema: Schema) -> dict[str, Json]:
    """The input that texts by name stand for: as many as an array's name is repeated, else one."""
    properties = schema.get("properties", {})
    return {name: _value(given, properties.get(name, {})) for name, given in texts.items()}


def joined(given: Json, path: Mapping[str, Json]) -> Json:
    """The body's or query's input together with the path's; DoorRefused (422) where both say the same name."""
    if not path or not isinstance(given, dict):
        return given  # admission says what is wrong with an input that is no object
    twice = [name for name in path if name in given]
    if twice:
        message = "is given by the path and must not be given a second time"
        raise DoorRefused("invalid_input", errors=tuple((pointer(name), message) for name in twice))
    return {**given, **path}


def pointer(name: str) -> str:
    """The JSON pointer (RFC 6901) to a property of the input."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _value(texts: list[str], schema: Schema) -> Json:
    if _type(schema) == "array":
        items = schema.get("items")
        return [_scalar(text, items if isinstance(items, Mapping) else {}) for text in texts]
    return _scalar(texts[0], schema) if len(texts) == 1 else list(texts)


def _scalar(text: str, schema: Schema) -> Json:
    kind = _type(schema)
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and _NUMBER.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return _BOOLEANS.get(text, text) if kind == "boolean" else text


def _type(schema: Schema) -> str:
    kind = schema.get("type", "string")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), "null")
    return str(kind)
