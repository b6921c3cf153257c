"""The body of a request as a JSON value, strictly: what two readers could understand differently is refused."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import ClientDisconnect, Request

from api.refusals import DoorRefused
from writ.values.wire import DEEPEST, Json


async def read(request: Request, largest: int) -> bytes:
    """The whole body; DoorRefused (413) as soon as it is known to be larger than `largest` bytes, (400) where it ends
    before its time.

    Not left to the framework's limit: that one answers in plain text once the length was announced.
    """
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > largest:
        raise _too_large(largest)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > largest:
                raise _too_large(largest)
            chunks.append(chunk)
    except ClientDisconnect:
        # Nobody reads the answer; but it is no bug of ours, and the call leaves its row.
        raise DoorRefused("body_incomplete") from None
    return b"".join(chunks)


def parse(body: bytes, content_type: str | None, content_encoding: str | None = None) -> Json:
    """The JSON value of a body, `{}` for an empty one; DoorRefused (400, 415) where it is not strict JSON in UTF-8."""
    if not body:
        return {}
    if not _is_json(content_type) or (content_encoding or "identity").strip().lower() != "identity":
        raise DoorRefused("unsupported_media_type")
    try:
        value = json.loads(
            _text(body), object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_float, parse_int=_int
        )
    except json.JSONDecodeError as error:
        raise _not_json(f"{error.msg.lower()} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise DoorRefused("nested_too_deep") from None
    if body.count(b"[") + body.count(b"{") > DEEPEST and _deeper_than(value, DEEPEST):
        raise DoorRefused("nested_too_deep", f"The body is nested deeper than {DEEPEST} levels.")
    return value


def _too_large(largest: int) -> DoorRefused:
    return DoorRefused("body_too_large", f"The body is larger than {largest} bytes.")


def _is_json(content_type: str | None) -> bool:
    media_type, _, parameters = (content_type or "").partition(";")
    main, _, sub = media_type.strip().lower().partition("/")
    charset = parameters.strip().lower().replace('"', "")
    is_json = main == "application" and (sub == "json" or sub.endswith("+json"))
    return is_json and (not charset.startswith("charset=") or charset == "charset=utf-8")


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise _not_json(f"byte {error.start} is not UTF-8") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DoorRefused("duplicate_key", f"The body holds an object with the key `{_shown(_twice(pairs))}` twice.")
    return found


def _twice(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    return next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]


def _no_constant(name: str) -> float:
    raise _not_json(f"`{name}` is not a JSON number")


def _float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise _not_json(f"`{_shown(text)}` is larger than a number can be")
    return number


def _int(text: str) -> int:
    # Python refuses, late and at a length of its own, to read very long integers: nobody needs them here.
    if len(text) > 400:
        raise _not_json(f"`{_shown(text)}` is larger than a number can be")
    return int(text)


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _not_json(reason: str) -> DoorRefused:
    return DoorRefused("not_json", f"The body is not JSON: {reason}.")


def _deeper_than(value: Json, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        layer = [inner for outer in layer for inner in _inside(outer)]
        if not layer:
            return False
    return True


def _inside(value: Json) -> list[Json]:
    inside = value.values() if isinstance(value, dict) else value
    return [each for each in inside if isinstance(each, dict | list)]
