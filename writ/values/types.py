"""The types of the value language, as an author thinks of them: no CEL, no protobuf, no SQL.

They are frozen, hashable and go to JSON and back (`TypeAdapter(ValueType)`), because plans store them.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field


class _Type(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Type):
    """Any text."""

    kind: Literal["text"] = "text"


class Integer(_Type):
    """A whole number that survives JSON: at most 2^53 - 1 either way."""

    kind: Literal["integer"] = "integer"


class Number(_Type):
    """A finite floating point number; on the wire always written as a float."""

    kind: Literal["number"] = "number"


class Boolean(_Type):
    """true or false."""

    kind: Literal["boolean"] = "boolean"


class Timestamp(_Type):
    """A moment in UTC, to the microsecond; on the wire RFC 3339 ending in `Z`."""

    kind: Literal["timestamp"] = "timestamp"


class Date(_Type):
    """A calendar day without a time zone; on the wire `YYYY-MM-DD`, which also sorts by day."""

    kind: Literal["date"] = "date"


class Uuid(_Type):
    """A UUID; on the wire lower case with hyphens."""

    kind: Literal["uuid"] = "uuid"


class Duration(_Type):
    """A length of time, to the microsecond; on the wire seconds, such as `3600s` or `1.5s`."""

    kind: Literal["duration"] = "duration"


class Enumeration(_Type):
    """A text that is one of `values`. `of` says whose they are (`states of Slot`) and is used in messages."""

    kind: Literal["enumeration"] = "enumeration"
    values: tuple[str, ...]
    of: str = ""


class Money(_Type):
    """A record of `amount` (integer, minor units) and `currency` (text)."""

    kind: Literal["money"] = "money"


class ListOf(_Type):
    """A list whose elements all have one type."""

    kind: Literal["list"] = "list"
    element: ValueType


class FieldType(_Type):
    """One field of a record; an `optional` one may be absent, it is never null."""

    name: str
    type: ValueType
    optional: bool = False


class Record(_Type):
    """A value with named fields, such as a row or an input. `name` is what an author calls it, or empty."""

    kind: Literal["record"] = "record"
    name: str = ""
    fields: tuple[FieldType, ...] = ()

    def field(self, name: str) -> FieldType | None:
        """The field called `name`, or None where there is none."""
        return next((field for field in self.fields if field.name == name), None)


class Anything(_Type):
    """Untyped JSON: nothing is known before it runs."""

    kind: Literal["anything"] = "anything"


class Unknown(Anything):
    """The type of what is wrong itself: nothing that follows from it is a mistake of its own. Never part of a plan."""


class Nothing(_Type):
    """null."""

    kind: Literal["nothing"] = "nothing"


ValueType: TypeAlias = Annotated[
    Text
    | Integer
    | Number
    | Boolean
    | Timestamp
    | Date
    | Uuid
    | Duration
    | Enumeration
    | Money
    | ListOf
    | Record
    | Anything
    | Nothing,
    Field(discriminator="kind"),
]

ListOf.model_rebuild()
FieldType.model_rebuild()
Record.model_rebuild()

MONEY_FIELDS = (FieldType(name="amount", type=Integer()), FieldType(name="currency", type=Text()))

_ONE = {
    "text": "a text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "timestamp": "a timestamp",
    "date": "a date",
    "uuid": "a uuid",
    "duration": "a duration",
    "money": "an amount of money",
    "anything": "an untyped value",
    "nothing": "null",
}
_MANY = {
    "text": "texts",
    "integer": "integers",
    "number": "numbers",
    "boolean": "booleans",
    "timestamp": "timestamps",
    "date": "dates",
    "uuid": "uuids",
    "duration": "durations",
    "money": "amounts of money",
    "anything": "untyped values",
    "nothing": "nulls",
    "list": "lists",
}


def describe(type: ValueType) -> str:
    """The author's words for a type, with an article: `a text`, `a list of Slot`, `one of the states of Slot`."""
    if isinstance(type, Enumeration):
        return f"one of {_choices(type)}"
    if isinstance(type, ListOf):
        return f"a list of {_plural(type.element)}"
    if isinstance(type, Record):
        return f"{_article(type.name)} {type.name}" if type.name else "an object"
    return _ONE[type.kind]


def _choices(type: Enumeration) -> str:
    return f"the {type.of}" if type.of else ", ".join(f"`{value}`" for value in type.values)


def _plural(type: ValueType) -> str:
    if isinstance(type, Enumeration):
        return f"texts that are one of {_choices(type)}"
    if isinstance(type, Record):
        return type.name or "objects"
    return _MANY[type.kind]


def _article(word: str) -> str:
    return "an" if word[0].lower() in "aeiou" else "a"


def fields_of(type: ValueType | None) -> tuple[FieldType, ...]:
    """The fields that can be selected from a value of this type; none where it has no fields or they are unknown."""
    if isinstance(type, Record):
        return type.fields
    return MONEY_FIELDS if isinstance(type, Money) else ()


def field_of(type: ValueType | None, name: str) -> FieldType | None:
    """The field `name` of a record or of money, or None."""
    return next((field for field in fields_of(type) if field.name == name), None)


def accepts(target: ValueType, given: ValueType) -> bool:
    """Whether every value of `given` may stand where `target` is wanted.

    An integer may stand for a number (it is written as a float), and an enumeration, uuid or date for a text. An
    untyped value may stand for anything: it is checked when it runs, and the run is refused if it does not fit.
    """
    if isinstance(target, Anything) or isinstance(given, Anything) or target == given:
        return True
    if isinstance(target, Enumeration):
        return isinstance(given, Enumeration) and set(given.values) <= set(target.values)
    if isinstance(target, ListOf):
        return isinstance(given, ListOf) and accepts(target.element, given.element)
    if isinstance(target, Record | Money):
        return isinstance(given, Record | Money) and _accepts_fields(target, given)
    if isinstance(target, Text):
        return isinstance(given, Text | Enumeration | Uuid | Date)
    return (isinstance(target, Number) and isinstance(given, Integer)) or target.kind == given.kind


def _accepts_fields(target: Record | Money, given: Record | Money) -> bool:
    return all(_accepts_field(wanted, field_of(given, wanted.name)) for wanted in fields_of(target))


def _accepts_field(wanted: FieldType, given: FieldType | None) -> bool:
    if given is None:
        return wanted.optional
    return (wanted.optional or not given.optional) and accepts(wanted.type, given.type)
