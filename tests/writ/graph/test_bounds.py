"""What values can be at most, by the bounds an author declared."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.writ.graph.test_flow import step, tool
from tests.writ.rules.library import app_files, check_texts
from writ.graph.app import AppFacts
from writ.graph.bounds import Bounds, Row, Several, elements_at_most, greatest, steps_at_most
from writ.nodes.typed import TypedTransform
from writ.spec.resolved import TypedExpression

LOOKING = """
tool: compare
description: Compare lists.
trigger: {{http: {{method: POST, path: /compare}}}}
allow: {{clerk: all}}
input:
  type: object
  additionalProperties: false
  required: [few, many, pieces]
  properties:
    few: {{type: array, maxItems: 3, items: {{type: integer}}}}
    many: {{type: array, maxItems: 50, items: {{type: array, maxItems: 4, items: {{type: integer}}}}}}
    open: {{type: array, items: {{type: integer}}}}
    pieces: {{type: integer, minimum: 1, maximum: 1000}}
output: {{type: object, additionalProperties: false, required: [done], properties: {{done: {{type: boolean}}}}}}
flow:
  - transaction: looking
    nodes:
      - read: orders
        entity: Order
        where: {{state: "'placed'"}}
        expect: many
        limit: {limit}
  - transform: value
    value: "{value}"
  - respond:
    value: {{done: true}}
"""


def bounds(value: str = "1", limit: str = "7") -> tuple[Bounds, TypedExpression]:
    texts: Mapping[str, str] = {**app_files("shop"), "tools/compare.yaml": LOOKING.format(value=value, limit=limit)}
    checked = check_texts(texts, "shop")
    assert checked.problems == ()
    assert checked.app is not None
    facts = AppFacts(checked.app).every_tool["compare"]
    node = step(facts, "value").node
    assert isinstance(node, TypedTransform)
    assert isinstance(node.value, TypedExpression)
    return Bounds(facts.graph, checked.app.tools), node.value


@pytest.mark.parametrize(
    ("value", "steps"),
    [
        ("size(input.few)", 0),
        ("input.few.map(one, one + 1)", 3),
        ("input.few.map(one, input.many.exists(other, one in other))", 3 + 3 * 50),
        ("input.many.map(few, few.map(one, one + 1))", 50 + 50 * 4),
        ("input.few.filter(one, one > 1).map(one, one + 1)", 3 + 3),
        ("(input.few + input.few).map(one, one + 1)", 6),
        ("[1, 2, 3, 4].map(one, one + 1)", 4),
        ("input.pieces > 3 ? input.few.map(one, 1) : input.many.map(one, 1)", 50),
        ("orders.map(one, one.quantity)", 7),
        ("has(input.open) ? input.open.map(one, one + 1) : []", 1),
    ],
)
def test_folds_inside_of_others_multiply(value: str, steps: int) -> None:
    found, expression = bounds(value)
    assert steps_at_most(expression, found.scope(None)) == steps


@pytest.mark.parametrize(
    ("value", "most"),
    [
        ("12", 12),
        ("input.pieces", 1000),
        ("input.pieces > 20 ? 20 : input.pieces", 1000),
        ("size(input.few)", 3),
        ("input.few[0]", None),
        ("input.pieces + 1", None),
    ],
)
def test_a_number_is_bounded_where_all_it_is_made_of_is(value: str, most: int | None) -> None:
    found, expression = bounds(value)
    assert greatest(expression.tree, found.scope(None)) == most


@pytest.mark.parametrize(("limit", "most"), [("7", 7), ("input.pieces", 1000), ("input.pieces + 1", 1000)])
def test_what_a_limit_leaves_open_the_system_bounds(limit: str, most: int) -> None:
    found, _ = bounds(limit=limit)
    assert elements_at_most(found.scope(None)["orders"]) == most


def test_a_step_is_one_row_or_as_many_as_it_may_touch() -> None:
    one, several = tool("stock_up"), tool("expire_unpaid")
    stocked = Bounds(one.graph, {}).result(step(one, "stocking/stocked"))
    assert isinstance(stocked, Row)
    expired = Bounds(several.graph, {}).result(step(several, "expiring/expired"))
    assert isinstance(expired, Several)
    assert expired.most == 100


def test_the_item_of_a_repetition_is_an_element_of_its_list() -> None:
    facts = tool(
        "checkout",
        "- payment: charge",
        "- each: pieces\n  over: '[[1, 2], [3, 4]]'\n  as: piece\n  max: 2\n  nodes:\n"
        "    - transform: more\n      value: piece.map(one, one + 1)\n- payment: charge",
    )
    more = step(facts, "pieces/more")
    use = more.facts.uses[0]
    assert steps_at_most(use.expression, Bounds(facts.graph, {}).scope(more)) == 2
