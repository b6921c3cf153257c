"""Wire values: the JSON form every value has outside this package, and its one canonical spelling per type.

Timestamps are RFC 3339 in UTC ending in `Z` (no fraction at 0 µs, else six digits), dates `YYYY-MM-DD`, uuids lower
case, durations seconds such as `3600s`, numbers finite floats, integers within what JSON can carry exactly (2^53 - 1).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from writ.values.types import Enumeration, ListOf, Money, Record, ValueType, describe, field_of, fields_of

Json: TypeAlias = Any
"""str, int, float, bool, None, a list of these, or a dict of these with text keys."""

LARGEST_INTEGER = 2**53 - 1
DEEPEST = 64

_TIMESTAMP = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.(?P<fraction>\d{1,9}))?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_DURATION = re.compile(r"(?P<sign>-?)(?P<seconds>\d{1,12})(?:\.(?P<fraction>\d{1,6}))?s", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Mismatch(ValueError):
    """A value does not have the type it should: `pointer` (RFC 6901) says where, `reason` why, without the value."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"`{pointer}` {reason}" if pointer else f"the value {reason}")
        self.pointer = pointer
        self.reason = reason


def timestamp(moment: datetime) -> str:
    """The wire form of an aware `moment`; ValueError where it has no time zone."""
    if moment.tzinfo is None:
        raise ValueError("the moment has no time zone")
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="microseconds" if utc.microsecond else "seconds") + "Z"


def parse_timestamp(text: str) -> datetime:
    """The moment an RFC 3339 text names, in UTC; digits beyond microseconds are cut off.

    ValueError where it is not RFC 3339, names no time zone, or lies outside the years 1 to 9999.
    """
    found = _TIMESTAMP.fullmatch(text)
    if not found:
        raise ValueError("not an RFC 3339 timestamp with a time zone")
    fraction = found["fraction"] or ""
    if len(fraction) > 6:
        text = text.replace(fraction, fraction[:6], 1) if text[19:].startswith("." + fraction) else text
    try:
        moment = datetime.fromisoformat(text.upper())
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the timestamp lies outside the years 1 to 9999") from error


def duration(length: timedelta) -> str:
    """The wire form of a length of time: seconds, with as many of six decimals as it needs."""
    micros = length // timedelta(microseconds=1)
    seconds, fraction = divmod(abs(micros), 1_000_000)
    digits = f".{fraction:06d}".rstrip("0").rstrip(".")
    return f"{'-' if micros < 0 else ''}{seconds}{digits}s"


def parse_duration(text: str) -> timedelta:
    """The length of time a wire text such as `3600s` names; ValueError where it is none."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError("not a duration in seconds such as `3600s`")
    length = timedelta(seconds=int(found["seconds"]), microseconds=int((found["fraction"] or "0").ljust(6, "0")))
    return -length if found["sign"] else length


def sort_keys(value: Json) -> Json:
    """The same value with the keys of every object in code point order, at every depth."""
    if isinstance(value, Mapping):
        return {key: sort_keys(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [sort_keys(element) for element in value]
    return value


def normalise(value: Json, type: ValueType) -> Json:
    """The canonical wire form of `value` as `type`: a new value, nothing shared with the given one.

    An integer for a number becomes a float, a whole float for an integer becomes an integer, timestamps move to UTC. A
    null in an optional field is dropped: absent is absent. Keys a record does not know are kept. `Mismatch` (a
    ValueError) names the first place that does not fit.
    """
    return _normalise(value, type, "", 0)


def _normalise(value: Json, type: ValueType, pointer: str, depth: int) -> Json:
    if depth > DEEPEST:
        raise Mismatch(pointer, f"is nested deeper than {DEEPEST} levels")
    if isinstance(type, ListOf):
        return _list(value, type, pointer, depth)
    if isinstance(type, Record | Money):
        return _record(value, type, pointer, depth)
    if isinstance(type, Enumeration):
        return _enumeration(value, type, pointer)
    if type.kind == "anything":
        return _anything(value, pointer, depth)
    try:
        return _SCALARS[type.kind](value)
    except ValueError as error:
        raise Mismatch(pointer, str(error) or f"is not {describe(type)}") from None


def _list(value: Json, type: ListOf, pointer: str, depth: int) -> list[Json]:
    if not isinstance(value, list):
        raise Mismatch(pointer, f"is not {describe(type)}")
    return [_normalise(element, type.element, f"{pointer}/{at}", depth + 1) for at, element in enumerate(value)]


def _record(value: Json, type: Record | Money, pointer: str, depth: int) -> dict[str, Json]:
    if not isinstance(value, Mapping):
        raise Mismatch(pointer, f"is not {describe(type)}")
    for field in fields_of(type):
        if field.name not in value and not field.optional:
            raise Mismatch(_below(pointer, field.name), "is missing")
    result: dict[str, Json] = {}
    for key, element in value.items():
        here = _key(key, pointer)
        known = field_of(type, key)
        if known is None:
            result[key] = _anything(element, here, depth + 1)
        elif element is not None or not known.optional:
            result[key] = _normalise(element, known.type, here, depth + 1)
    return result


def _enumeration(value: Json, type: Enumeration, pointer: str) -> str:
    if not isinstance(value, str) or value not in type.values:
        raise Mismatch(pointer, f"is not {describe(type)}")
    return value


def _anything(value: Json, pointer: str, depth: int) -> Json:
    if depth > DEEPEST:
        raise Mismatch(pointer, f"is nested deeper than {DEEPEST} levels")
    if isinstance(value, Mapping):
        return {key: _anything(element, _key(key, pointer), depth + 1) for key, element in value.items()}
    if isinstance(value, list):
        return [_anything(element, f"{pointer}/{at}", depth + 1) for at, element in enumerate(value)]
    try:
        return _scalar(value)
    except ValueError as error:
        raise Mismatch(pointer, str(error) or "is not a JSON value") from None


def _key(key: object, pointer: str) -> str:
    if not isinstance(key, str):
        raise Mismatch(pointer, "has a key that is not a text")
    try:
        return _below(pointer, _text(key))
    except ValueError as error:
        raise Mismatch(pointer, f"has a key that {error}") from None


def _below(pointer: str, key: str) -> str:
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"


def _scalar(value: object) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    return _integer(value) if isinstance(value, int) else _number(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    # A lone surrogate is no character: it has no UTF-8 form, so neither the engine nor the database can take it.
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("is not valid Unicode")
    return str(value)


def _integer(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError
    if abs(value) > LARGEST_INTEGER:
        raise ValueError("is an integer beyond what JSON can carry exactly")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError
    try:
        number = float(value)
    except OverflowError:
        raise ValueError("is not a finite number") from None
    if not math.isfinite(number):
        raise ValueError("is not a finite number")
    return number + 0.0  # -0.0 and 0.0 are equal and must have one spelling


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _nothing(value: object) -> None:
    if value is not None:
        raise ValueError


def _from_text(pattern: re.Pattern[str], read: Callable[[str], str]) -> Callable[[object], str]:
    def convert(value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError
        try:
            return read(value)
        except ValueError:
            raise ValueError from None

    return convert


_SCALARS: Mapping[str, Callable[[object], Json]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "nothing": _nothing,
    "timestamp": _from_text(_TIMESTAMP, lambda text: timestamp(parse_timestamp(text))),
    "date": _from_text(_DATE, lambda text: date.fromisoformat(text).isoformat()),
    "uuid": _from_text(_UUID, str.lower),
    "duration": _from_text(_DURATION, lambda text: duration(parse_duration(text))),
}
