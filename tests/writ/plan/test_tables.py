from __future__ import annotations

import pytest

from tests.writ.plan.clinic import (
    SLOT,
    app,
    booking,
    clinic,
    entity,
    expr,
    field,
    read,
    tool,
    transaction,
    where,
)
from writ.nodes.typed import TypedNode
from writ.plan.definition import create_table, definition
from writ.plan.identifiers import LONGEST, constraint_name, is_own, table_name
from writ.plan.indexes import Index, wanted_indexes
from writ.plan.tables import app_tables
from writ.spec.resolved import Entity
from writ.values.types import Boolean, Enumeration, Integer, ListOf, Number, Text, Uuid


def ddl(of: Entity) -> str:
    return create_table(app_tables(app(entities={of.name: of})).tables[f"clinic.{table_name(of.name)}"])


def test_a_table_has_the_authors_columns_and_the_systems() -> None:
    columns = app_tables(clinic()).tables["clinic.slot"].columns
    assert [column.name for column in columns] == [
        "practitioner", "starts_at", "minutes", "price_amount", "price_currency", "rating", "remote", "kind",
        "id", "state", "version", "created_at", "updated_at", "archived_at",
    ]  # fmt: skip
    assert [column.name for column in columns if column.nullable] == [
        "price_amount", "price_currency", "rating", "archived_at",
    ]  # fmt: skip


def test_bounds_become_checks() -> None:
    found = ddl(
        entity(
            "Ward",
            field("name", Text(), min_length=1, max_length=9),
            field("beds", Integer(), minimum=-5, maximum=7),
            field("share", Number(), minimum=0.5),
            field("codes", ListOf(element=Integer()), max_items=3),
            field("kind", Enumeration(values=("it's", "a\\b\nc"))),
        )
    )
    for condition in (
        "char_length(name) >= 1",
        "char_length(name) <= 9",
        "beds >= -5",
        "beds <= 7",
        "share >= 0.5",
        "cardinality(codes) <= 3",
        "array_position(codes, NULL) IS NULL",
        "kind IN ('it''s'::text, E'a\\U0000005cb\\U0000000ac'::text)",
    ):
        assert f"CHECK ({condition})" in found


def test_defaults_are_typed_and_quoted() -> None:
    found = ddl(
        entity(
            "Ward",
            field("name", Text(), default="50% :of 'it'"),
            field("beds", Integer(), default=-1),
            field("open", Boolean(), default=True),
            field("codes", ListOf(element=Text()), default=["a", "b"]),
        )
    )
    for default in (
        "name TEXT COLLATE \"C\" DEFAULT '50% :of ''it'''::text NOT NULL",
        "beds BIGINT DEFAULT '-1'::bigint NOT NULL",
        "open BOOLEAN DEFAULT true NOT NULL",
        "DEFAULT ARRAY['a'::text, 'b'::text]::text[] NOT NULL",
    ):
        assert default in found


def test_archived_rows_do_not_block_unique_values() -> None:
    assert any(
        line.startswith("CREATE UNIQUE INDEX uq_slot_practitioner_starts_at_")
        and line.endswith("ON clinic.slot (practitioner, starts_at) WHERE archived_at IS NULL")
        for line in definition(clinic())
    )


def test_another_definition_is_another_name() -> None:
    one = constraint_name("ck", "slot", "minutes_minimum", "minutes >= 5")
    assert one != constraint_name("ck", "slot", "minutes_minimum", "minutes >= 6")
    assert is_own(one)
    assert not is_own("slot_minutes_check")


def test_long_names_are_cut_and_stay_apart() -> None:
    names = [constraint_name("ck", "t" * 60, f"{'f' * 60}{number}", "x") for number in range(100)]
    assert len({*names}) == 100
    assert all(len(name.encode()) <= LONGEST for name in names)
    assert len(table_name("A" + "b" * 100)) <= LONGEST


def test_no_two_entities_share_a_table() -> None:
    names = ["OrderLine", "Orderline", "HTTPCall", "HttpCall", "HTTPcall", "A1B", "A1b", "AB", "Ab"]
    assert len({table_name(name) for name in names}) == len(names)
    assert table_name("OrderLine") == "order_line"


def indexes(*nodes: TypedNode) -> list[tuple[str, ...]]:
    found = wanted_indexes(app(tool("t", transaction("a", *nodes))))
    return [index.columns for index in found["Slot"]]


def condition(name: str, operator: str = "equals") -> object:
    return where(SLOT, name, operator, expr("input.slot", Uuid()))  # type: ignore[arg-type]


def slots(*conditions: object, **kwargs: object) -> TypedNode:
    return read("slots", SLOT, conditions, expect="many", **kwargs)  # type: ignore[arg-type]


def test_an_index_has_equalities_first_then_the_range_then_the_order() -> None:
    where = (condition("starts_at", "at_least"), condition("state"))
    assert indexes(slots(*where, order=(("minutes", False),))) == [("state", "starts_at", "minutes")]


def test_an_index_that_another_begins_with_is_left_out() -> None:
    assert indexes(slots(condition("state"), condition("kind")), slots(condition("kind"))) == [("kind", "state")]


def test_what_is_found_by_id_or_by_a_unique_key_needs_no_index() -> None:
    by_key = slots(condition("practitioner"), condition("starts_at"), condition("state"))
    assert indexes(slots(condition("id"), condition("state")), slots(condition("practitioner")), by_key) == []


def test_an_owner_is_indexed_with_its_archived_rows() -> None:
    assert Index(("patient",), whole=True) in wanted_indexes(app())["Appointment"]


def test_what_an_invariant_counts_by_is_indexed() -> None:
    assert Index(("slot", "state")) in wanted_indexes(app(booking()))["Appointment"]


@pytest.mark.parametrize("names", [("long",), ("endless",), ("half", "other_half")])
def test_texts_too_long_for_an_index_have_none(names: tuple[str, ...]) -> None:
    halves = (field("half", Text(), max_length=350), field("other_half", Text(), max_length=350))
    essay = entity("Essay", field("long", Text(), max_length=651), field("endless", Text()), *halves)
    found = read("e", essay, tuple(where(essay, name, "equals", expr("input.text", Text())) for name in names))
    assert wanted_indexes(app(tool("t", transaction("a", found)), entities={"Essay": essay})) == {"Essay": ()}
