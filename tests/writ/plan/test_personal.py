"""Which values of an input are personal because they reach, on whatever way, a personal field."""

from __future__ import annotations

import pytest

from tests.writ.plan.clinic import (
    NOTE,
    PATIENT,
    by_id,
    choice,
    create,
    expr,
    read,
    tool,
    transaction,
    transform,
    update,
    where,
)
from writ.nodes.typed import TypedCase, TypedNode
from writ.plan.personal import masked
from writ.spec.resolved import TypedExpression
from writ.values.types import ListOf, Record, Text, Uuid

ITEMS = ListOf(element=Record())
EMAIL = expr("item.email", Text())


def found(*nodes: TypedNode) -> tuple[str, ...]:
    return masked(tool("t", transaction("a", *nodes), input_schema={"type": "object"}))


def many(over: TypedExpression, email: TypedExpression = EMAIL) -> TypedNode:
    return create("people", PATIENT, over, email=email)


def noted(value: str = "input.x") -> TypedNode:
    return create("a", NOTE, order=expr(value, Text()))


def mailed(value: TypedExpression) -> TypedNode:
    return update("b", PATIENT, by_id(PATIENT, "input.b"), email=value)


def test_the_items_of_a_list_are_followed_to_their_own_values() -> None:
    assert found(many(expr("input.families", ITEMS), expr("item.head.email", Text()))) == ("/families/*/head/email",)


@pytest.mark.parametrize(
    ("over", "below", "whole"),
    [
        ("input.families.map(f, f.head)", "input.families", "/families"),
        ("input.families.map(f, {'email': f.mail})", "input.families", "/families"),
        ("[input.contact]", "input.contact", "/contact"),
        ("input.families[0].members", "input.families", "/families"),
    ],
)
def test_what_the_items_of_a_computed_list_come_from_is_masked_whole(over: str, below: str, whole: str) -> None:
    assert found(many(expr(over, ITEMS, below))) == (whole,)


def test_a_name_for_a_list_is_as_good_as_the_list() -> None:
    name = transform("people_given", expr("input.families", ITEMS), ITEMS)
    assert found(name, many(expr("people_given", ITEMS))) == ("/families/*/email",)


def test_a_name_for_a_computed_list_is_not() -> None:
    name = transform("people_given", expr("input.families.map(f, f.head)", ITEMS, "input.families"), ITEMS)
    assert found(name, many(expr("people_given", ITEMS))) == ("/families",)


def test_a_value_is_followed_through_a_row_it_is_written_to() -> None:
    assert found(noted(), mailed(expr("a.order", Text()))) == ("/x",)


def test_a_value_is_followed_through_a_row_and_a_name() -> None:
    name = transform("kept", {"text": expr("a.order", Text())}, Record())
    assert found(noted(), name, mailed(expr("kept.text", Text()))) == ("/x",)


def test_a_row_that_is_read_again_holds_what_was_written() -> None:
    again = read("again", NOTE, by_id(NOTE, "a.id"))
    assert found(noted(), again, mailed(expr("again.order", Text()))) == ("/x",)


def test_a_row_that_may_be_missing_holds_what_it_was_searched_by() -> None:
    searched = read("n", NOTE, (where(NOTE, "order", "equals", expr("input.x", Text())),), expect="optional")
    assert found(searched, mailed(expr("n.row.order", Text()))) == ("/x",)


def test_the_rows_of_a_list_are_followed_as_items_and_as_a_whole() -> None:
    rows = create("notes", NOTE, expr("input.texts", ITEMS), order=expr("item", Text()))
    assert found(rows, many(expr("notes", ITEMS), expr("item.order", Text()))) == ("/texts/*",)
    assert found(rows, many(expr("notes.map(n, n.order)", ITEMS, "notes"), expr("item", Text()))) == ("/texts/*",)


def test_another_field_of_the_same_row_is_not_personal() -> None:
    note = create("a", NOTE, order=expr("input.x", Text()), appointment=expr("input.y", Uuid()))
    assert found(note, mailed(expr("a.appointment", Text()))) == ("/y",)
    assert found(note, mailed(expr("'it is ' + string(a.version)", Text(), "a.version"))) == ()


def test_a_branch_is_followed_too() -> None:
    branch = choice("c", TypedCase(None, (noted(),)))
    assert found(branch, mailed(expr("a.order", Text()))) == ("/x",)


def test_what_follows_is_seen_across_transactions() -> None:
    flow = (transaction("one", noted()), transaction("two", mailed(expr("a.order", Text()))))
    assert masked(tool("t", *flow, input_schema={"type": "object"})) == ("/x",)
