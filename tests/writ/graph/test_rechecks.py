"""By which fields a transaction makes sure of the rows it writes."""

from __future__ import annotations

import pytest

from tests.writ.rules.library import app_files, check_texts, edited
from writ.graph.app import AppFacts
from writ.graph.rechecks import checked_again

SHIPPED = """
  - transition: shipped
    entity: Order
    where: {id: order.id, version: order.version}
"""


def known(nodes: str) -> frozenset[str]:
    texts = dict(app_files("shop"))
    texts["tools/ship.yaml"] = edited(texts["tools/ship.yaml"], SHIPPED, nodes)
    checked = check_texts(texts, "shop")
    assert checked.problems == ()
    assert checked.app is not None
    tool = AppFacts(checked.app).every_tool["ship"]
    return checked_again(tool, next(step for step in tool.graph.steps if step.facts.name == "shipped"))


def transition(where: str) -> str:
    return f"- transition: shipped\n  entity: Order\n  where: {where}\n"


READ = "- read: now_there\n  entity: Order\n  where: {id: order.id}\n  lock: update\n"
REQUIRE = "- require: still\n  that: %s\n  else: not_paid\n"


def test_what_is_compared_is_known() -> None:
    assert known(transition("{id: order.id, version: order.version}")) == {"id", "version"}


def test_a_condition_that_need_not_apply_makes_sure_of_nothing() -> None:
    where = "{id: order.id, version: {equals: order.version, when: order.quantity > 1}}"
    assert known(transition(where)) == {"id"}


def test_a_condition_that_asks_only_for_some_value_makes_sure_of_nothing() -> None:
    assert known(transition("{id: order.id, payment: {present: true}}")) == {"id"}


@pytest.mark.parametrize(
    ("that", "fields"),
    [
        ("now_there.state == 'paid'", {"id", "state"}),
        ("now_there.version == order.version && now_there.quantity > 0", {"id", "version", "quantity"}),
        ("order.state == 'paid'", {"id"}),
    ],
)
def test_only_what_was_read_again_there_and_decides_is_known(that: str, fields: set[str]) -> None:
    assert known(READ + REQUIRE % that + transition("{id: order.id}")) == fields


def test_what_is_read_again_and_decides_nothing_is_not_known() -> None:
    assert known(READ + transition("{id: order.id}")) == {"id"}


def test_a_row_always_fits_what_the_transaction_itself_read_of_it() -> None:
    assert known(READ + transition("{id: now_there.id, version: now_there.version}")) == frozenset()


def test_the_case_a_write_stands_in_decides_too() -> None:
    nodes = "- if: same\n  when: now_there.version == order.version\n  then:\n"
    shipped = transition("{id: order.id}") + "  to: shipped\n"
    inside = "".join(f"    {line}\n" for line in shipped.splitlines())
    texts = dict(app_files("shop"))
    whole = f"{SHIPPED.strip()}\n    to: shipped\n    set: {{parcel: handed_over.parcel}}\n".replace("\n  ", "\n")
    texts["tools/ship.yaml"] = edited(texts["tools/ship.yaml"], whole, READ + nodes + inside)
    checked = check_texts(texts, "shop")
    assert checked.app is not None
    tool = AppFacts(checked.app).every_tool["ship"]
    step = next(step for step in tool.graph.steps if step.facts.name == "shipped")
    assert checked_again(tool, step) == {"id", "version"}
