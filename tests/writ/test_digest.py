from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from writ.digest import canonical, digest, is_digest

SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=20
)


def written(value: Any, write: Any) -> bytes | str:
    try:
        form: bytes = write(value)
    except ValueError:
        return "no canonical form"
    return form


@given(VALUES)
def test_every_value_is_written_as_the_reference_implementation_writes_it(value: Any) -> None:
    assert written(value, canonical) == written(value, rfc8785.dumps)


@given(st.dictionaries(st.text(), st.integers(0, 9), min_size=2))
def test_the_order_of_names_does_not_matter(value: dict[str, int]) -> None:
    assert digest(value) == digest(dict(reversed(value.items())))


@pytest.mark.parametrize("value", [2**53, float("nan"), "\ud800"])
def test_what_has_no_canonical_form_has_no_digest(value: Any) -> None:
    with pytest.raises(ValueError):
        digest(value)


def test_a_digest_says_which_hash_it_is() -> None:
    assert is_digest(digest({}))
    assert not is_digest(digest({})[7:])
