from __future__ import annotations

from collections.abc import Mapping

import pytest

from writ.values import (
    Anything,
    Boolean,
    Date,
    Duration,
    Enumeration,
    FieldType,
    Integer,
    ListOf,
    Money,
    Number,
    Record,
    Text,
    Timestamp,
    Uuid,
    ValueType,
)


def field(name: str, type: ValueType, optional: bool = False) -> FieldType:
    return FieldType(name=name, type=type, optional=optional)


STATES = Enumeration(values=("free", "taken"), of="states of Slot")
NOTE = Record(name="Note", fields=(field("text", Text(), True),))
SLOT = Record(
    name="Slot",
    fields=(
        field("id", Uuid()),
        field("seats", Integer()),
        field("weight", Number()),
        field("open", Boolean()),
        field("state", STATES),
        field("starts_at", Timestamp()),
        field("ends_at", Timestamp(), True),
        field("day", Date()),
        field("length", Duration()),
        field("reason", Text(), True),
        field("tags", ListOf(element=Text())),
        field("price", Money()),
        field("note", NOTE, True),
        field("extra", Anything()),
    ),
)
PRINCIPAL = Record(
    name="principal",
    fields=(field("subject", Text()), field("roles", ListOf(element=Text())), field("claims", Anything())),
)


@pytest.fixture(scope="session")
def scope() -> Mapping[str, ValueType]:
    return {"slot": SLOT, "slots": ListOf(element=SLOT), "now": Timestamp(), "principal": PRINCIPAL}


@pytest.fixture
def slot() -> dict[str, object]:
    return {
        "id": "0198c0de-0000-7000-8000-000000000000",
        "seats": 3,
        "weight": 1.5,
        "open": True,
        "state": "free",
        "starts_at": "2026-11-20T16:00:00Z",
        "day": "2026-11-20",
        "length": "3600s",
        "tags": ["a", "b"],
        "price": {"amount": 1200, "currency": "EUR"},
        "extra": {"b": 1, "a": [1, {"d": 2, "c": 3}], "none": None},
    }


@pytest.fixture
def values(slot: dict[str, object]) -> dict[str, object]:
    principal = {"subject": "ada", "roles": ["patient"], "claims": {"level": 3}}
    return {"slot": slot, "slots": [slot, slot], "now": "2026-11-20T12:00:00.500000Z", "principal": principal}
