from __future__ import annotations

from typing import Any

import pytest

from writ.engine.masking import mask, shows


@pytest.mark.parametrize(
    ("value", "pointer", "masked"),
    [
        ({"a": 1, "b": 2}, "/a", {"a": "***", "b": 2}),
        ({"a": {"b": 1, "c": 2}}, "/a/b", {"a": {"b": "***", "c": 2}}),
        ({"a": [{"b": 1}, {"b": 2, "c": 3}]}, "/a/*/b", {"a": [{"b": "***"}, {"b": "***", "c": 3}]}),
        ({"a": [1, 2]}, "/a/*", {"a": ["***", "***"]}),
        ({"a/b": 1, "~": 2}, "/a~1b", {"a/b": "***", "~": 2}),
        ({"c": 1}, "/a", {"c": 1}),
        ({"a": "not an object"}, "/a/b", {"a": "***"}),
        ({"a": [{"b": 1}]}, "/a/b", {"a": [{"b": "***"}]}),
        ("not an object", "/a", "***"),
        ({"a": None}, "/a", {"a": "***"}),
        ({"a": 1}, "", "***"),
        ({"a": [{"b": 1}, {"b": 2}]}, "/a/1/b", {"a": [{"b": 1}, {"b": "***"}]}),
        ({"a": [1, 2]}, "/a/0", {"a": ["***", 2]}),
        ({"a": {"x": 1}}, "/a/*", {"a": {"x": "***"}}),
        ({"a": [[{"b": 1}]]}, "/a/*/b", {"a": [[{"b": "***"}]]}),
    ],
)
def test_what_a_pointer_leads_to_is_masked(value: Any, pointer: str, masked: Any) -> None:
    assert mask(value, [pointer]) == masked


def test_the_value_itself_is_left_alone() -> None:
    value = {"a": {"b": 1}}
    mask(value, ["/a/b"])
    assert value == {"a": {"b": 1}}


class Key(str):
    """A key that counts how often it is compared."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Key.compared += 1
        return str.__eq__(self, other)


def test_the_work_grows_with_the_value_and_not_with_the_pointers() -> None:
    Key.compared = 0
    masked = mask({Key(f"k{number}"): 1 for number in range(1000)}, [f"/k{number}" for number in range(999)])
    assert Key.compared < 10_000
    assert [key for key, value in masked.items() if value != "***"] == ["k999"]


LEVELS = {
    "properties": {
        "level": {"type": "string"},
        "all": {"items": {"properties": {"level": {"type": "string"}}}},
    }
}


@pytest.mark.parametrize(
    ("value", "pointer", "shown"),
    [
        ({"level": "expert"}, "/level", True),
        ({"level": None}, "/level", True),
        ({"level": {"of": "secrets"}}, "/level", False),
        ({"other": "secret"}, "/other", False),
        ({"all": [{"level": 1}]}, "/all/0/level", True),
        ({"all": [{"other": 1}]}, "/all/0/other", False),
        ({"all": [{"level": 1}]}, "/all/1/level", False),
        ("secret", "", False),
    ],
)
def test_a_single_value_in_a_place_that_the_schema_names_may_be_shown(value: Any, pointer: str, shown: bool) -> None:
    assert shows(LEVELS, value, pointer) is shown
