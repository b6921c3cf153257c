from __future__ import annotations

from typing import Any

import pytest

from writ.engine.masking import mask


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
    ],
)
def test_what_a_pointer_leads_to_is_masked(value: Any, pointer: str, masked: Any) -> None:
    assert mask(value, [pointer]) == masked


def test_the_value_itself_is_left_alone() -> None:
    value = {"a": {"b": 1}}
    mask(value, ["/a/b"])
    assert value == {"a": {"b": 1}}
