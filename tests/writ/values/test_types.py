from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from writ.values import (
    Anything,
    Date,
    Enumeration,
    FieldType,
    Integer,
    ListOf,
    Money,
    Nothing,
    Number,
    Record,
    Text,
    Timestamp,
    Uuid,
    ValueType,
    accepts,
    describe,
)

ADAPTER: TypeAdapter[ValueType] = TypeAdapter(ValueType)


def record(name: str = "", **fields: ValueType) -> Record:
    return Record(
        name=name,
        fields=tuple(
            FieldType(name=key.removesuffix("_"), type=type, optional=key.endswith("_")) for key, type in fields.items()
        ),
    )


def test_a_type_survives_json_and_stays_hashable() -> None:
    type = record("Slot", id=Uuid(), many=ListOf(element=record(state=Enumeration(values=("a", "b")))), price_=Money())
    again = ADAPTER.validate_json(ADAPTER.dump_json(type))
    assert again == type
    assert hash(again) == hash(type)


def test_a_type_cannot_be_changed_and_refuses_unknown_keys() -> None:
    with pytest.raises(ValidationError):
        Enumeration(values=("a",)).values = ()
    with pytest.raises(ValidationError):
        ADAPTER.validate_python({"kind": "text", "max": 3})


@pytest.mark.parametrize(
    ("type", "words"),
    [
        (Text(), "a text"),
        (Integer(), "an integer"),
        (Enumeration(values=("a",), of="states of Slot"), "one of the states of Slot"),
        (Enumeration(values=("a", "b")), "one of `a`, `b`"),
        (Money(), "an amount of money"),
        (ListOf(element=record("Slot")), "a list of Slot"),
        (ListOf(element=Text()), "a list of texts"),
        (record("Appointment"), "an Appointment"),
        (record(), "an object"),
        (Nothing(), "null"),
    ],
)
def test_types_are_described_in_an_authors_words(type: ValueType, words: str) -> None:
    assert describe(type) == words


SMALL = Enumeration(values=("a",))
LARGE = Enumeration(values=("a", "b"))


@pytest.mark.parametrize(
    ("target", "given", "fits"),
    [
        (Number(), Integer(), True),
        (Integer(), Number(), False),
        (Text(), SMALL, True),
        (Text(), Uuid(), True),
        (Uuid(), Text(), False),
        (LARGE, SMALL, True),
        (SMALL, LARGE, False),
        (SMALL, Text(), False),
        (Timestamp(), Text(), False),
        (Timestamp(), Date(), False),
        (ListOf(element=Number()), ListOf(element=Integer()), True),
        (ListOf(element=Text()), Text(), False),
        (Text(), Anything(), True),
        (Anything(), Money(), True),
        (Nothing(), Text(), False),
        (record(a=Text()), record(a=SMALL, more=Integer()), True),
        (record(a=Text()), record(a_=Text()), False),
        (record(a_=Text()), record(), True),
        (record(a=Text()), record(), False),
        (record(a=Text()), record(a=Integer()), False),
        (Money(), record(amount=Integer(), currency=Text()), True),
        (Money(), record(amount=Integer()), False),
        (record(amount=Integer()), Money(), True),
    ],
)
def test_what_may_stand_for_what(target: ValueType, given: ValueType, fits: bool) -> None:
    assert accepts(target, given) is fits


def test_a_record_finds_its_fields() -> None:
    type = record(a=Text())
    assert type.field("a") == FieldType(name="a", type=Text())
    assert type.field("b") is None
