from __future__ import annotations

import pytest

from writ.graph.intervals import Range, impossible
from writ.values import Checked, check
from writ.values.types import Boolean, Enumeration, FieldType, Integer, ListOf, Number, Record, Text, ValueType

ROW = Record(
    name="Order",
    fields=(
        FieldType(name="quantity", type=Integer()),
        FieldType(name="weight", type=Number()),
        FieldType(name="name", type=Text()),
        FieldType(name="note", type=Text(), optional=True),
        FieldType(name="tags", type=ListOf(element=Text())),
        FieldType(name="sent", type=Boolean()),
        FieldType(name="state", type=Enumeration(values=("placed", "paid", "shipped"))),
    ),
)
RANGES = {
    "count": Range(low=0, whole=True),
    "this.quantity": Range(1, 100, whole=True),
    "this.weight": Range(0, 5),
    "this.state": Range(choices=frozenset({"placed", "paid", "shipped"})),
    "size(this.name)": Range(1, 20, whole=True),
}


def never(*sources: str) -> bool:
    scope: dict[str, ValueType] = {"this": ROW, "count": Integer()}
    trees = []
    for source in sources:
        checked = check(source, scope, expected=Boolean())
        assert isinstance(checked, Checked), checked
        trees.append(checked.tree)
    return impossible(trees, RANGES)


NEVER = [
    "this.quantity > 100",
    "this.quantity < 1",
    "0 >= this.quantity",
    "this.quantity == 101",
    "this.quantity > 3 && this.quantity < 4",
    "this.quantity == 3 && this.quantity != 3",
    "this.quantity in [0, 101, 200] && this.quantity > 101",
    "this.weight > 5.0",
    "this.weight < 2.5 && this.weight >= 2.5",
    "this.weight == -1.0",
    "this.name == 'a' && this.name == 'b'",
    "size(this.name) == 0",
    "this.name.size() > 20",
    "this.state == 'paid' && this.state == 'shipped'",
    "this.state == 'paid' && !(this.state in ['paid', 'placed'])",
    "this.state != 'paid' && this.state != 'placed' && this.state != 'shipped'",
    "this.sent && !this.sent",
    "has(this.note) && !has(this.note)",
    "this.quantity > 50 ? this.quantity < 10 : this.quantity > 60",
    "(this.quantity > 100 || count < 0) && this.sent",
    "!(this.quantity <= 100)",
    "false",
]

MAYBE = [
    "this.quantity >= 100",
    "this.quantity <= 1",
    "this.quantity > 3 && this.quantity < 5",
    "this.quantity in [0, 100]",
    "this.weight > 2.0 && this.weight < 2.1",
    "this.weight == 5.0",
    "this.name == 'a' || this.name == 'b'",
    "size(this.name) == 20",
    "this.state == 'paid' || this.state == 'shipped'",
    "this.state in ['paid', 'placed'] && this.state != 'paid'",
    "double(this.quantity) > this.weight",
    "this.quantity + 1000 < 5",
    "!has(this.note) || this.note == ''",
    "this.quantity > 100 || this.sent",
    "count == 0",
    "true",
]


@pytest.mark.parametrize("source", NEVER)
def test_what_no_value_fits_is_impossible(source: str) -> None:
    assert never(source)


@pytest.mark.parametrize("source", MAYBE)
def test_what_some_value_fits_or_nobody_knows_is_possible(source: str) -> None:
    assert not never(source)


def test_conditions_exclude_each_other_only_together() -> None:
    assert never("this.quantity > 50", "this.quantity <= 50")
    assert not never("this.quantity >= 50", "this.quantity <= 50")


def test_what_has_too_many_ways_to_hold_is_possible() -> None:
    either = "(this.quantity > 100 || this.quantity < 1)"
    assert never(" && ".join([either] * 8))
    assert not never(" && ".join([either] * 9))
