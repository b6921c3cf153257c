"""JSON Schema (Draft 2020-12) behind one door: fast on the way in, and in plain words when something is wrong.

`jsonschema-rs` decides and says why: one engine, so that the two cannot disagree, and one whose regular expressions a
hostile text cannot keep busy. The formats `date-time`, `date`, `uuid` and `duration` are asserted and not only noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from heapq import nsmallest
from typing import Any, NamedTuple
from uuid import UUID

import jsonschema_rs

from writ.problems import did_you_mean
from writ.values.wire import Json, parse_duration, parse_timestamp

Violation = tuple[str, str]
"""A JSON pointer (RFC 6901) into the value, and what is wrong there."""

MOST_VIOLATIONS = 50
"""So many are named; where there are more, the last one is `MORE`."""

MORE: Violation = ("", "may have more that does not fit")
"""Says of the whole value that not everything is named that is wrong with it."""

_LONGEST_POINTER = 300
# Beyond so many values, or with longer keys, only the first thing that is wrong is looked for: each one costs, too.
_MANY_VALUES = 2_000

_TYPES = {
    "string": "a text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


def _uuid(text: str) -> None:
    if str(UUID(text)) != text.lower():
        raise ValueError("not in the form with hyphens")


def _date(text: str) -> None:
    if not text.isascii() or date.fromisoformat(text).isoformat() != text:
        raise ValueError("not `YYYY-MM-DD`")


_FORMATS: Mapping[str, Callable[[str], object]] = {
    "date-time": parse_timestamp,
    "date": _date,
    "uuid": _uuid,
    "duration": parse_duration,
}


def _conforms(parse: Callable[[str], object]) -> Callable[[object], bool]:
    def check(value: object) -> bool:
        if not isinstance(value, str):
            return True
        try:
            parse(value)
        except ValueError:
            return False
        return True

    return check


_CHECKS = {name: _conforms(parse) for name, parse in _FORMATS.items()}


class Schema:
    """A JSON Schema made ready: `ValueError` where it is none. Nothing is fetched: references must lie inside it."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._fast = jsonschema_rs.Draft202012Validator(
            dict(schema), formats=_CHECKS, validate_formats=True, offline=True
        )
        self._schema = schema

    def allows(self, value: Json) -> bool:
        """Whether `value` satisfies the schema."""
        return self._fast.is_valid(value)

    def violations(self, value: Json) -> tuple[Violation, ...]:
        """The places where `value` does not satisfy the schema, in order of place; empty where it does.

        At most `MOST_VIOLATIONS`, and `MORE` where that is not everything: a caller decides how many mistakes it sends.
        """
        if self._fast.is_valid(value):
            return ()
        errors, complete = self._errors(value)
        found = {wrong for error in errors for wrong in self._explained(value, error)}
        return limited((self._worded(wrong) for wrong in nsmallest(MOST_VIOLATIONS + 1, found)), complete=complete)

    def _errors(self, value: Json) -> tuple[Iterable[jsonschema_rs.ValidationError], bool]:
        if _has_at_most(_MANY_VALUES, value):
            return self._fast.iter_errors(value), True
        try:
            self._fast.validate(value)
        except jsonschema_rs.ValidationError as first:
            return (first,), False
        raise AssertionError("a value is both allowed and not")

    def _explained(self, value: Json, error: jsonschema_rs.ValidationError) -> Iterator[_Wrong]:
        keyword, said, place = error.kind.name, error.kind.value, tuple(error.schema_path)
        if keyword == "falseSchema" and place[-1:] == ("additionalProperties",):
            # Where no field at all is known, the engine does not say which ones are there.
            keyword, said = "additionalProperties", list(_at(value, error.instance_path))
        if keyword in _KEYS:
            keys = [said] if isinstance(said, str) else said
            yield from (_Wrong(*brief([*error.instance_path, key]), keyword, key, place) for key in keys)
        else:
            yield _Wrong(*brief(error.instance_path), keyword, "", place)

    def _worded(self, wrong: _Wrong) -> Violation:
        words = self._unknown(wrong) if wrong.keyword in _UNKNOWN else self._unfit(wrong)
        return wrong.pointer, f"{wrong.inside}{words}"

    def _unknown(self, wrong: _Wrong) -> str:
        known = _at(self._schema, (*wrong.place[:-1], "properties")) or {}
        hint = "" if wrong.inside else did_you_mean(wrong.key, known)
        return ", ".join(part for part in ("is not a known field", hint) if part)

    def _unfit(self, wrong: _Wrong) -> str:
        words, wanted = _WORDS.get(wrong.keyword), _at(self._schema, wrong.place)
        return words(wanted) if words and wanted is not None else "does not fit the schema"


class _Wrong(NamedTuple):
    """One thing that is wrong: where, by which keyword, about which key, and where in the schema that stands."""

    pointer: str
    inside: str
    keyword: str
    key: str
    place: tuple[str | int, ...]


def limited(found: Iterable[Violation], *, complete: bool = True) -> tuple[Violation, ...]:
    """The first of `found`, each once, and `MORE` where those are not all."""
    taken: dict[Violation, None] = {}
    for violation in found:
        if len(taken) == MOST_VIOLATIONS and violation not in taken:
            complete = False
            break
        taken[violation] = None
    return (*taken,) if complete else (*taken, MORE)


def _has_at_most(most: int, value: Json) -> bool:
    waiting, seen = [value], 1
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if any(len(key) > _LONGEST_POINTER for key in found):
                return False
            found = list(found.values())
        if isinstance(found, list):
            seen += len(found)
            if seen > most:
                return False
            waiting.extend(found)
    return True


def _at(within: Any, place: Sequence[str | int]) -> Any:
    """What stands at a place of a schema or a value; None where there is nothing."""
    for part in place:
        if isinstance(within, Mapping):
            within = within.get(part)
        elif isinstance(within, Sequence) and isinstance(part, int):
            within = within[part]
        else:
            return None
    return within


def pointer(path: Sequence[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a path of keys and indexes; the empty text is the whole value."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def brief(path: Sequence[str | int]) -> tuple[str, str]:
    """The pointer of a path and what to say before the reason: a caller's keys may be too long to be repeated.

    Then it is the pointer of the last place with a name that can be read.
    """
    length, place = 0, list(path)
    for at, part in enumerate(place):
        length += 1 + len(str(part))
        if length > _LONGEST_POINTER:
            return pointer(place[:at]), "has something with a very long name that "
    return pointer(place), ""


_UNKNOWN = ("additionalProperties", "unevaluatedProperties")
_KEYS = ("required", *_UNKNOWN)

_WORDS: Mapping[str, Callable[[Any], str]] = {
    "required": lambda _wanted: "is missing",
    "falseSchema": lambda _wanted: "is not allowed here",
    "type": lambda wanted: f"is not {_either(wanted)}",
    "enum": lambda wanted: "is not one of " + ", ".join(f"`{choice}`" for choice in wanted),
    "const": lambda wanted: f"is not `{wanted}`",
    "format": lambda wanted: f"is not a valid {wanted}",
    "minLength": lambda wanted: f"is shorter than {wanted} {_plural(wanted, 'character')}",
    "maxLength": lambda wanted: f"is longer than {wanted} {_plural(wanted, 'character')}",
    "pattern": lambda wanted: f"does not match `{wanted}`",
    "minimum": lambda wanted: f"is less than {wanted}",
    "maximum": lambda wanted: f"is greater than {wanted}",
    "exclusiveMinimum": lambda wanted: f"is not greater than {wanted}",
    "exclusiveMaximum": lambda wanted: f"is not less than {wanted}",
    "multipleOf": lambda wanted: f"is not a multiple of {wanted}",
    "minItems": lambda wanted: f"has fewer than {wanted} {_plural(wanted, 'element')}",
    "maxItems": lambda wanted: f"has more than {wanted} {_plural(wanted, 'element')}",
    "uniqueItems": lambda _wanted: "has the same element twice",
    "propertyNames": lambda _wanted: "has a field whose name is not allowed",
    "minProperties": lambda wanted: f"has fewer than {wanted} {_plural(wanted, 'field')}",
    "maxProperties": lambda wanted: f"has more than {wanted} {_plural(wanted, 'field')}",
}


def _either(types: str | list[str]) -> str:
    return " or ".join(_TYPES.get(name, name) for name in ([types] if isinstance(types, str) else types))


def _plural(count: int, word: str) -> str:
    return word if count == 1 else word + "s"
