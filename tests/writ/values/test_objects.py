# ruff: noqa: E501  # a table has one case per line
"""An object literal may stand for an amount of money, or for a record, wherever one is wanted."""

from __future__ import annotations

import pytest

from writ.values import Checked, Enumeration, FieldType, Integer, ListOf, Money, Program, Record, ValueType, check

STAY = Record(
    name="Stay",
    fields=(
        FieldType(name="price", type=Money()),
        FieldType(name="fee", type=Money(), optional=True),
        FieldType(name="hours", type=Integer()),
    ),
)
SCOPE: dict[str, ValueType] = {"stay": STAY, "stays": ListOf(element=STAY)}
VALUES = {"stay": {"price": {"amount": 250, "currency": "EUR"}, "hours": 3}}
FREE = "{'amount': 0, 'currency': 'EUR'}"


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        (f"has(stay.fee) ? stay.fee : {FREE}", {"amount": 0, "currency": "EUR"}),
        (f"stay.hours > 2 ? stay.price : stay.hours > 1 ? {FREE} : {FREE}", {"amount": 250, "currency": "EUR"}),
        ("{'amount': stay.price.amount * stay.hours, 'currency': stay.price.currency}", {"amount": 750, "currency": "EUR"}),
        ("stay.hours > 2 ? {'currency': stay.price.currency, 'amount': (stay.hours + 1)} : stay.price", {"amount": 4, "currency": "EUR"}),
        ("false ? stay.price : {'amount': 1, 'currency': '}\\'' + \"{\"} // }", {"amount": 1, "currency": "}'{"}),
    ],
)  # fmt: skip
def test_an_amount_is_computed(source: str, outcome: object) -> None:
    checked = check(source, SCOPE, expected=Money())
    assert isinstance(checked, Checked), checked
    assert Program.compile(source, SCOPE, Money()).evaluate(VALUES) == outcome


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        (f"stay.price == {FREE}", False),
        ("{'amount': 250, 'currency': 'EUR'} == stay.price", True),
        (f"(has(stay.fee) ? stay.fee : {FREE}).amount != 0", False),
    ],
)
def test_an_amount_is_compared(source: str, outcome: bool) -> None:
    assert isinstance(check(source, SCOPE), Checked)
    assert Program.compile(source, SCOPE).evaluate(VALUES) is outcome


def test_amounts_of_many_rows_are_one_list() -> None:
    checked = check(f"stays.map(it, has(it.fee) ? it.fee : {FREE})", SCOPE)
    assert isinstance(checked, Checked)
    assert checked.type == ListOf(element=Money())


@pytest.mark.parametrize(
    ("source", "underlined", "words"),
    [
        ("has(stay.fee) ? stay.fee : {'amont': 0, 'currency': 'EUR'}", "{'amont': 0, 'currency': 'EUR'}", "needs `amount` too"),
        ("stay.price == {'amount': 1.5, 'currency': 'EUR'}", "1.5", "whole minor units"),
        ("stay.hours > 1 ? {'amount': 1, 'currency': 2} : stay.price", "2", "expected a text"),
        (f"stay.price == {FREE} && stay.hour > 1", "hour", "has no field `hour`"),
        (f"stay.price == {FREE} && stay.hours > 'x'", "stay.hours > 'x'", "cannot compare"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_at_its_place(source: str, underlined: str, words: str) -> None:
    found = check(source, SCOPE)
    assert isinstance(found, tuple)
    [mistake] = found
    assert source[mistake.offset : mistake.offset + mistake.length] == underlined
    assert words in mistake.message


def test_values_that_do_not_fit_are_named() -> None:
    stay = Enumeration(values=("car", "motorbike"), of="values of Stay.kind")
    given = Enumeration(values=("car", "van", "motorbike"), of="values of input.kind")
    found = check("kind", {"kind": given}, expected=stay)
    assert isinstance(found, tuple)
    [mistake] = found
    assert mistake.message == "`van` is not among the values of Stay.kind"
    assert mistake.help == "add it to the values of Stay.kind, or take it out of the values of input.kind"


@pytest.mark.parametrize("source", ["math", "strings", "math == strings"])
def test_what_means_nothing_is_always_a_mistake(source: str) -> None:
    found = check(source, SCOPE)
    assert isinstance(found, tuple)
    assert found
