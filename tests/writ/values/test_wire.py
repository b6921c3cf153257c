from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from writ.values import (
    Anything,
    Boolean,
    Date,
    Duration,
    Enumeration,
    FieldType,
    Integer,
    ListOf,
    Mismatch,
    Money,
    Nothing,
    Number,
    Record,
    Text,
    Timestamp,
    Uuid,
    ValueType,
    duration,
    normalise,
    parse_duration,
    parse_timestamp,
    sort_keys,
    timestamp,
)

SCALARS: tuple[ValueType, ...] = (
    Text(),
    Integer(),
    Number(),
    Boolean(),
    Timestamp(),
    Date(),
    Uuid(),
    Duration(),
    Money(),
    Enumeration(values=("a", "b")),
    Nothing(),
    Anything(),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("aé/~", max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])).filter(
    lambda moment: 2 < moment.year < 9998
)


def of_type(type: ValueType) -> st.SearchStrategy[Any]:
    match type:
        case Integer():
            return st.integers(-(2**53) + 1, 2**53 - 1)
        case Number():
            return st.floats(allow_nan=False, allow_infinity=False) | st.integers(-1000, 1000)
        case Boolean():
            return st.booleans()
        case Timestamp():
            return MOMENTS.map(lambda moment: moment.isoformat())
        case Date():
            return st.dates().map(lambda day: day.isoformat())
        case Uuid():
            return st.uuids().map(lambda uuid: str(uuid).upper())
        case Duration():
            return st.timedeltas(timedelta(days=-1000), timedelta(days=1000)).map(duration)
        case Enumeration():
            return st.sampled_from(type.values)
        case Money():
            return st.fixed_dictionaries({"amount": st.integers(-1000, 1000), "currency": st.just("EUR")})
        case Nothing():
            return st.none()
        case Anything():
            return JSON
        case _:
            return st.text(st.characters(codec="utf-8"))


@settings(deadline=None)  # the machine may be busy
@given(st.data(), st.sampled_from(SCALARS))
def test_normalising_is_canonical_and_survives_json(data: st.DataObject, type: ValueType) -> None:
    type = ListOf(
        element=Record(fields=(FieldType(name="it", type=type), FieldType(name="maybe", type=type, optional=True)))
    )
    element = st.fixed_dictionaries({"it": of_type(type.element.field("it").type)})  # type: ignore[union-attr]
    once = normalise(data.draw(st.lists(element, max_size=3)), type)
    assert normalise(json.loads(json.dumps(once)), type) == once


@settings(deadline=None)  # the machine may be busy
@given(JSON, st.sampled_from(SCALARS))
def test_any_json_either_fits_a_type_or_is_refused_with_a_pointer(value: Any, type: ValueType) -> None:
    try:
        json.dumps(normalise(value, type), allow_nan=False)
    except Mismatch as mismatch:
        assert mismatch.reason


@settings(deadline=None)  # the machine may be busy
@given(MOMENTS)
def test_a_moment_survives_its_wire_form(moment: datetime) -> None:
    written = timestamp(moment)
    assert parse_timestamp(written) == moment
    assert parse_timestamp(written).tzinfo is UTC
    assert len(written) in (20, 27)
    assert written.endswith("Z")


@settings(deadline=None)  # the machine may be busy
@given(st.timedeltas(timedelta(days=-10000), timedelta(days=10000)))
def test_a_duration_survives_its_wire_form(length: timedelta) -> None:
    assert parse_duration(duration(length)) == length


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("2026-11-20T16:00:00Z", "2026-11-20T16:00:00Z"),
        ("2026-11-20t16:00:00z", "2026-11-20T16:00:00Z"),
        ("2026-11-20T17:00:00+01:00", "2026-11-20T16:00:00Z"),
        ("2026-11-20T16:00:00.5Z", "2026-11-20T16:00:00.500000Z"),
        ("2026-11-20T16:00:00.123456789Z", "2026-11-20T16:00:00.123456Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_timestamps_have_one_spelling(written: str, canonical: str) -> None:
    assert normalise(written, Timestamp()) == canonical


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20T16:00:00",
        "2026-11-20",
        "2026-W01-1T00:00:00Z",
        "now",
        "",
        "2026-13-01T00:00:00Z",
        "0001-01-01T00:00:00+05:00",
    ],
)
def test_what_names_no_moment_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        parse_timestamp(written)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        timestamp(datetime(2026, 11, 20))


def test_an_integer_for_a_number_becomes_a_float() -> None:
    assert repr(normalise(1, Number())) == "1.0"
    assert repr(normalise(-0.0, Number())) == "0.0"


def test_a_whole_float_for_an_integer_becomes_an_integer() -> None:
    assert repr(normalise(2.0, Integer())) == "2"


@pytest.mark.parametrize(
    ("value", "type"),
    [
        (True, Integer()),
        (True, Number()),
        (1, Boolean()),
        (1.5, Integer()),
        (2**53, Integer()),
        (2**53, Anything()),
        (float("nan"), Number()),
        (float("inf"), Anything()),
        (10**400, Number()),
        ("\ud800", Text()),
        ({"\ud800": 1}, Anything()),
        ({1: 2}, Anything()),
        (b"x", Anything()),
        ("0198c0de000070008000000000000000", Uuid()),
        ("2026-02-30", Date()),
        ("20260220", Date()),
        ("1h", Duration()),
        ("c", Enumeration(values=("a", "b"))),
        (["a"], Enumeration(values=("a", "b"))),
        (None, Text()),
        ("x", ListOf(element=Text())),
        ([], Record()),
    ],
)
def test_what_does_not_fit_is_refused(value: object, type: ValueType) -> None:
    with pytest.raises(Mismatch):
        normalise(value, type)


def test_a_mismatch_points_at_the_place_and_does_not_tell_the_value() -> None:
    type = Record(fields=(FieldType(name="a/b", type=ListOf(element=Integer())),))
    with pytest.raises(Mismatch) as caught:
        normalise({"a/b": [1, "secret"]}, type)
    assert caught.value.pointer == "/a~1b/1"
    assert str(caught.value) == "`/a~1b/1` is not an integer"


def test_a_missing_field_is_named() -> None:
    with pytest.raises(Mismatch, match="`/currency` is missing"):
        normalise({"amount": 1}, Money())


def test_null_in_an_optional_field_is_absent() -> None:
    type = Record(fields=(FieldType(name="a", type=Text(), optional=True),))
    assert normalise({"a": None}, type) == {}


def test_unknown_keys_are_kept() -> None:
    assert normalise({"x": {"y": [1]}}, Record()) == {"x": {"y": [1]}}


def test_too_deep_a_value_is_refused() -> None:
    value: Any = 1
    for _ in range(5000):
        value = [value]
    with pytest.raises(Mismatch, match="deeper"):
        normalise(value, Anything())


def test_keys_are_sorted_at_every_depth() -> None:
    assert json.dumps(sort_keys({"b": [{"d": 1, "c": 2}], "a": 1})) == '{"a": 1, "b": [{"c": 2, "d": 1}]}'
