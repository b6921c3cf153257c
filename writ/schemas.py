"""JSON Schema (Draft 2020-12) behind one door: fast on the way in, and in plain words when something is wrong.

`jsonschema-rs` decides, because it is two hundred times faster; `jsonschema` is only asked for the reasons. Both are
given the same checks for the formats `date-time`, `date`, `uuid` and `duration`, which are asserted and not only noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import jsonschema_rs

from writ.problems import did_you_mean
from writ.values.wire import Json, parse_duration, parse_timestamp

if TYPE_CHECKING:
    from jsonschema import FormatChecker
    from jsonschema.exceptions import ValidationError

Violation = tuple[str, str]
"""A JSON pointer (RFC 6901) into the value, and what is wrong there."""

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


def _format_checker() -> FormatChecker:
    from jsonschema import FormatChecker  # loading it takes as long as checking an app

    checker = FormatChecker(formats=())
    for name, check in _CHECKS.items():
        checker.checks(name)(check)
    return checker


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
        """Every place where `value` does not satisfy the schema, in order of place; empty where it does."""
        if self._fast.is_valid(value):
            return ()
        found = {violation for error in self._errors(value) for violation in _explain(error)}
        return tuple(sorted(found or self._plainly(value)))

    def _errors(self, value: Json) -> Iterator[ValidationError]:
        from jsonschema import Draft202012Validator  # only where there is something to explain

        return Draft202012Validator(self._schema, format_checker=_format_checker()).iter_errors(value)

    def _plainly(self, value: Json) -> set[Violation]:
        """For the rare value the two disagree on (such as a dialect of regular expressions): the decision stands."""
        return {(pointer(error.instance_path), "does not fit the schema") for error in self._fast.iter_errors(value)}


def pointer(path: Sequence[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a path of keys and indexes; the empty text is the whole value."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _explain(error: ValidationError) -> Iterator[Violation]:
    path = list(error.absolute_path)
    for key, words in _MANY.get(error.validator, _one)(error):
        yield pointer(path if key is None else [*path, key]), words


def _one(error: ValidationError) -> Iterator[tuple[str | None, str]]:
    words = _WORDS.get(error.validator)
    yield None, words(error.validator_value) if words else "does not fit the schema"


def _required(error: ValidationError) -> Iterator[tuple[str | None, str]]:
    present = cast(dict[str, Json], error.instance)
    yield from ((key, "is missing") for key in cast(list[str], error.validator_value) if key not in present)


def _additional(error: ValidationError) -> Iterator[tuple[str | None, str]]:
    known = cast(dict[str, Any], error.schema).get("properties", {})
    for key in cast(dict[str, Json], error.instance):
        if key not in known:
            yield key, ", ".join(part for part in ("is not a known field", did_you_mean(key, known)) if part)


_MANY: Mapping[object, Callable[[ValidationError], Iterator[tuple[str | None, str]]]] = {
    "required": _required,
    "additionalProperties": _additional,
}

_WORDS: Mapping[object, Callable[[Any], str]] = {
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
    "minProperties": lambda wanted: f"has fewer than {wanted} {_plural(wanted, 'field')}",
    "maxProperties": lambda wanted: f"has more than {wanted} {_plural(wanted, 'field')}",
}


def _either(types: str | list[str]) -> str:
    return " or ".join(_TYPES.get(name, name) for name in ([types] if isinstance(types, str) else types))


def _plural(count: int, word: str) -> str:
    return word if count == 1 else word + "s"
