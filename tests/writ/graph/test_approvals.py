"""What steps behind an approval use that people were not told."""

from __future__ import annotations

import pytest

from tests.writ.rules.library import app_files, check_texts, edited
from writ.graph.app import AppFacts
from writ.graph.approvals import unbound_before

BOUND = "of: {order: order.id, version: order.version, amount: order.total}"
ASKED = """
- approval: allowed
  roles: [manager]
  of: %s
  within: 48h
  else: declined
- payment: charge
"""


def unbound(name: str, text: str) -> set[str]:
    checked = check_texts({**app_files("shop"), f"tools/{name}.yaml": text}, "shop")
    assert checked.problems == ()
    assert checked.app is not None
    tool = AppFacts(checked.app).every_tool[name]
    approval = next(step for step in tool.graph.steps if step.facts.effect == "approval")
    return {one.value for one in unbound_before(tool, approval)}


@pytest.mark.parametrize(
    ("of", "values"),
    [
        ("of: {version: order.version}", set()),
        ("of: {order: order.id, amount: order.total}", {"order.payment", "order.version"}),
        ("of: {all: order}", set()),
        ("of: {order: input.order, amount: order.total, payment: order.payment}", {"order.version"}),
    ],
)
def test_a_row_is_bound_by_its_values_or_its_version(of: str, values: set[str]) -> None:
    assert unbound("refund", edited(app_files("shop")["tools/refund.yaml"], BOUND, of)) == values


@pytest.mark.parametrize(
    ("of", "values"),
    [
        ("{amount: order.total}", set()),
        ("{version: order.version}", set()),
        ("{order: order.id}", {"order.total"}),
        ("{price: product.price}", {"order.total"}),
    ],
)
def test_a_row_that_the_run_made_stands_for_what_it_was_made_of_and_needs_no_id(of: str, values: set[str]) -> None:
    text = edited(app_files("shop")["tools/checkout.yaml"], "- payment: charge", ASKED % of)
    assert unbound("checkout", text) == values
