from __future__ import annotations

import pytest

from api.address_input import joined, query_texts, segments, values
from api.refusals import DoorRefused

SCHEMA = {
    "type": "object",
    "properties": {
        "limit": {"type": "integer"},
        "price": {"type": ["number", "null"]},
        "open": {"type": "boolean"},
        "name": {"type": "string"},
        "days": {"type": "array", "items": {"type": "integer"}},
    },
}


def given(query: bytes) -> dict[str, object]:
    return values(query_texts(query), SCHEMA)


def test_texts_become_values_of_their_types() -> None:
    assert given(b"limit=10&price=2.5&open=true&name=10&days=1&days=2") == {
        "limit": 10,
        "price": 2.5,
        "open": True,
        "name": "10",
        "days": [1, 2],
    }


def test_one_text_for_an_array_is_a_list_of_one() -> None:
    assert given(b"days=7") == {"days": [7]}


@pytest.mark.parametrize("text", ["", "1.0", "+1", "1e3", "0x10", " 1", "01", "1_000", "٣", "9" * 30])
def test_a_text_that_is_no_integer_stays_a_text_for_admission_to_refuse(text: str) -> None:
    assert values({"limit": [text]}, SCHEMA) == {"limit": text}


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "1,5", "0x1p3", ""])
def test_a_text_that_is_no_number_stays_a_text(text: str) -> None:
    assert values({"price": [text]}, SCHEMA) == {"price": text}


@pytest.mark.parametrize("text", ["True", "1", "yes", ""])
def test_a_text_that_is_no_boolean_stays_a_text(text: str) -> None:
    assert values({"open": [text]}, SCHEMA) == {"open": text}


def test_a_name_given_twice_is_a_list_which_no_scalar_is() -> None:
    assert given(b"limit=1&limit=2") == {"limit": ["1", "2"]}


def test_an_unknown_name_is_kept_for_admission_to_refuse() -> None:
    assert given(b"limt=1") == {"limt": "1"}


def test_percent_encoding_and_plus_are_decoded() -> None:
    assert given(b"name=a+b%20%C3%A9%26") == {"name": "a b é&"}


@pytest.mark.parametrize("query", [b"name=%FF", b"name=\xc3\xa9", b"&".join([b"name=1"] * 1001)])
def test_a_malformed_query_is_refused(query: bytes) -> None:
    with pytest.raises(DoorRefused) as caught:
        query_texts(query)
    assert caught.value.code == "malformed_address"


def test_an_encoded_slash_is_no_border() -> None:
    assert segments(b"/clinic/appointments/a%2Fb/cancel") == ("clinic", "appointments", "a/b", "cancel")


def test_a_path_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(DoorRefused) as caught:
        segments(b"/clinic/%C3")
    assert caught.value.code == "malformed_address"


def test_path_and_body_are_joined() -> None:
    assert joined({"reason": "late"}, {"appointment": "x"}) == {"reason": "late", "appointment": "x"}


def test_the_same_name_in_path_and_body_is_refused() -> None:
    with pytest.raises(DoorRefused) as caught:
        joined({"a/b": "y"}, {"a/b": "x"})
    assert caught.value.errors[0][0] == "/a~1b"
