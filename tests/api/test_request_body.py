from __future__ import annotations

import json

import pytest

from api.refusals import DoorRefused
from api.request_body import parse

JSON = "application/json"


def refusal(body: bytes, content_type: str | None = JSON, encoding: str | None = None) -> DoorRefused:
    with pytest.raises(DoorRefused) as caught:
        parse(body, content_type, encoding)
    return caught.value


def test_a_body_is_read_as_json() -> None:
    assert parse(b'{"slot": "a", "n": 1.5, "deep": {"list": [true, null]}}', JSON) == {
        "slot": "a",
        "n": 1.5,
        "deep": {"list": [True, None]},
    }


def test_an_empty_body_is_an_empty_object_whatever_its_type() -> None:
    assert parse(b"", None) == {}


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; charset=utf-8", 'application/json;charset="UTF-8"', "application/x+json"],
)
def test_json_media_types_are_taken(content_type: str) -> None:
    assert parse(b"1", content_type) == 1


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
def test_other_media_types_are_refused(content_type: str | None) -> None:
    assert refusal(b"{}", content_type).code == "unsupported_media_type"


def test_a_content_encoding_is_refused() -> None:
    assert refusal(b"{}", JSON, "gzip").code == "unsupported_media_type"


def test_what_is_not_json_is_refused_with_its_place() -> None:
    refused = refusal(b'{\n  "slot": }')
    assert refused.code == "not_json"
    assert "line 2, column 11" in refused.detail


def test_bytes_that_are_not_utf8_are_refused() -> None:
    assert "byte 1 is not UTF-8" in refusal(b'"\xff"').detail


@pytest.mark.parametrize("body", [b'{"a": 1, "a": 2}', b'[{"b": {"a": 1, "c": 1, "a": 1}}]', b'{"a": 1, "\\u0061": 2}'])
def test_a_key_given_twice_is_refused(body: bytes) -> None:
    assert refusal(body).code == "duplicate_key"


@pytest.mark.parametrize("body", [b"NaN", b"Infinity", b"-Infinity", b"[1e999]", b'{"a": -1e999}', b"1" * 5000])
def test_numbers_that_are_none_are_refused(body: bytes) -> None:
    assert refusal(body).code == "not_json"


@pytest.mark.parametrize("levels", [65, 900, 100_000])
def test_deep_nesting_is_refused(levels: int) -> None:
    assert refusal(b"[" * levels + b"]" * levels).code == "nested_too_deep"


def test_nesting_within_the_limit_is_taken() -> None:
    assert parse(b"[" * 64 + b"]" * 64, JSON)


def test_many_small_objects_are_not_deep() -> None:
    many = [{"a": [number]} for number in range(1000)]
    assert parse(json.dumps(many).encode(), JSON) == many


def test_a_refusal_shows_only_the_beginning_of_a_long_key() -> None:
    key = b"k" * 5000
    assert len(refusal(b'{"%s": 1, "%s": 1}' % (key, key)).detail) < 200
