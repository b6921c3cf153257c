"""How large values can be, by their declared bounds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.writ.graph.test_flow import step, tool
from writ.graph.bounds import Bounds
from writ.graph.sizes import of_field, of_results, of_row, of_schema

UUID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "maxLength": 40}, "x" * 40),
        ({"type": "string", "format": "uuid"}, UUID),
        ({"type": "string", "format": "date-time"}, "2030-01-07T09:00:00.123456Z"),
        ({"type": "integer"}, -(2**53)),
        ({"type": "boolean"}, False),
        ({"enum": ["a", "a longer one"]}, "a longer one"),
        ({"const": {"a": 1}}, {"a": 1}),
        ({"type": ["string", "null"], "maxLength": 9}, "x" * 9),
        ({"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 5}}, ["x" * 5] * 3),
        ({"type": "array", "maxItems": 2, "prefixItems": [{"type": "string", "maxLength": 5}]}, ["x" * 5]),
        (
            {"type": "object", "properties": {"one": {"type": "string", "maxLength": 5}, "other": {"type": "integer"}}},
            {"one": "x" * 5, "other": 2**53 - 1},
        ),
        ({"anyOf": [{"type": "boolean"}, {"type": "string", "maxLength": 30}]}, "x" * 30),
    ],
)
def test_the_largest_value_fits_and_not_by_much(schema: dict[str, Any], value: Any) -> None:
    written = len(json.dumps(value, separators=(",", ":")))
    assert written <= of_schema(schema) <= written + 20


def test_what_has_no_bound_is_not_guessed() -> None:
    assert of_schema({"type": "string"}) == 2
    assert of_schema({"type": "array", "items": {"type": "string", "maxLength": 1000}}) == 2
    assert of_schema({}) == 0


def test_a_row_is_as_large_as_its_fields() -> None:
    facts = tool("stock_up")
    read = step(facts, "stocking/product").facts.read
    assert read is not None
    entity = read.entity
    row = {
        "id": UUID,
        "title": "x" * 200,
        "price": {"amount": 2**53 - 1, "currency": "EUR"},
        "stock": 100000,
        "version": 2**53 - 1,
        **dict.fromkeys(("created_at", "updated_at", "archived_at"), "2030-01-07T09:00:00.123456Z"),
    }
    written = len(json.dumps(row, separators=(",", ":")))
    assert written <= of_row(entity) <= written + 60
    assert of_row(entity, {"title"}) < of_row(entity) / 2
    assert of_field(entity.fields["title"]) == 202


def test_a_transaction_hands_on_what_is_read_behind_it() -> None:
    facts = tool("my_orders")
    sizes = of_results(facts.graph, Bounds(facts.graph, {}))
    handed_on = sizes[step(facts, "looking").index]
    assert 100 * 600 < handed_on[step(facts, "looking/found").index] < 100 * 1200


def test_of_one_row_only_the_fields_that_are_read_are_handed_on() -> None:
    facts = tool("stock_up")
    sizes = of_results(facts.graph, Bounds(facts.graph, {}))
    handed_on = sizes[step(facts, "stocking").index]
    assert 0 < handed_on[step(facts, "stocking/stocked").index] < 50
    assert handed_on[step(facts, "stocking/product").index] == 0
