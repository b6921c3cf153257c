from __future__ import annotations

from typing import Any

import pytest

from writ.rows import RowShape, prune
from writ.values import FieldType, Integer, Money, Record

SHAPE = RowShape(
    Record(
        fields=(
            FieldType(name="id", type=Integer()),
            FieldType(name="note", type=Integer(), optional=True),
            FieldType(name="fee", type=Money(), optional=True),
        )
    )
)


def test_absent_is_absent() -> None:
    assert SHAPE.row({"id": 1, "note": None, "fee_amount": None, "fee_currency": None}) == {"id": 1}


def test_money_is_put_together_from_its_two_columns() -> None:
    assert SHAPE.row({"id": 1, "fee_amount": 5, "fee_currency": "EUR"})["fee"] == {"amount": 5, "currency": "EUR"}


def test_the_old_row_is_told_from_the_new_one() -> None:
    columns = {"id": 1, "note": 2, "old_id": 1, "old_note": 3, "old_fee_amount": 4, "old_fee_currency": "EUR"}
    assert SHAPE.row(columns) == {"id": 1, "note": 2}
    assert SHAPE.row(columns, "old_") == {"id": 1, "note": 3, "fee": {"amount": 4, "currency": "EUR"}}


@pytest.mark.parametrize(
    ("value", "pruned"),
    [
        ({"a": 1, "b": 2}, {"a": 1}),
        ([{"a": 1, "b": 2}, {"b": 3}], [{"a": 1}, {}]),
        ({"row": {"a": 1, "b": 2}}, {"row": {"a": 1}}),
        ({}, {}),
    ],
)
def test_only_what_is_used_is_handed_on(value: Any, pruned: Any) -> None:
    assert prune(value, ("a",)) == pruned
    assert prune(value, None) == value
