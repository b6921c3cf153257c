"""The graph of the shop's tools: what lies before, behind and beside each step."""

from __future__ import annotations

from functools import cache

import pytest

from tests.writ.rules.library import app_files, check_texts, edited
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import ANSWERED, FAILED, REFUSED, START, Step
from writ.graph.witness import Moment, witness

ANSWER = """\
- respond:
  value: {stock: stocked.stock}
"""
LATE = """\
- transaction: late
  nodes:
    - archive: gone
      entity: Product
      where: {id: input.product}
"""
EXPIRING = "- transaction: expiring\n"
BOTH = """\
- parallel: both
  branches:
    one: [{wait: short, for: 1m}]
    other: [{wait: long, for: 5m}]
"""
TURNS = """\
- each: turns
  over: "[1, 2]"
  max: 2
  nodes:
    - wait: rest
      for: 1m
"""
RENAMED = """\
- transform: one
  value: stocked
- transform: rows
  value: "[one].filter(it, it.stock > input.pieces)"
- respond:
  value: {stock: "size(rows) + one.stock"}
"""


@cache
def tool(name: str, old: str = "", new: str = "") -> ToolFacts:
    texts = dict(app_files("shop"))
    if old:
        texts[f"tools/{name}.yaml"] = edited(texts[f"tools/{name}.yaml"], old, new)
    checked = check_texts(texts, "shop")
    assert checked.problems == ()
    assert checked.app is not None
    return AppFacts(checked.app).every_tool[name]


def step(facts: ToolFacts, path: str) -> Step:
    return next(one for one in facts.graph.steps if one.path == path)


def names(steps: object) -> list[str]:
    return [one.facts.name for one in steps]  # type: ignore[attr-defined]


def test_a_transaction_is_done_where_it_commits() -> None:
    facts = tool("checkout")
    charge = step(facts, "charge")
    assert names(facts.graph.committed_before(charge)) == ["placing"]
    assert facts.graph.always_before(step(facts, "placing/order"), charge)
    assert facts.graph.transaction_of(step(facts, "placing/order")) == step(facts, "placing")
    assert not facts.graph.always_before(step(facts, "placing"), step(facts, "placing/order"))


def test_what_stands_in_a_branch_is_not_always_before_what_stands_behind() -> None:
    facts = tool(
        "ship",
        "      - refuse: carrier_away\n",
        "      - wait: pause\n        for: 1m\n      - respond:\n        value: {parcel: \"''\"}\n",
    )
    parcel = step(facts, "handed_over")
    assert facts.graph.can_follow(step(facts, "looking"), step(facts, "handed_over/pause"))
    assert not facts.graph.always_before(step(facts, "handed_over/pause"), step(facts, "noting"))
    assert facts.graph.container(step(facts, "handed_over/pause")) == parcel


def test_a_failure_path_takes_the_place_of_the_failure() -> None:
    with_path, without = tool("ship"), tool("checkout")
    assert (step(with_path, "handed_over").enters, FAILED) not in {(e.start, e.end) for e in with_path.graph.edges}
    assert (step(without, "charge").enters, FAILED) in {(e.start, e.end) for e in without.graph.edges}


def test_a_run_can_end_in_three_ways() -> None:
    facts = tool("checkout")
    charge = step(facts, "charge")
    assert all(facts.graph.can_end(charge, end) for end in (ANSWERED, REFUSED, FAILED))
    assert not facts.graph.can_end(step(facts, "is_declined/declined"), ANSWERED)
    way = facts.graph.way(START, ANSWERED)
    assert way is not None
    assert way[0].why == "starts"


def test_what_stands_behind_the_answer_is_reached_by_no_run() -> None:
    facts = tool(
        "stock_up",
        ANSWER,
        f"{ANSWER}{LATE}",
    )
    assert facts.graph.is_reachable(step(facts, "stocking"))
    assert not facts.graph.is_reachable(step(facts, "late/gone"))
    assert facts.graph.way(START, step(facts, "late").enters) is None


def test_branches_of_a_parallel_run_together_and_all_are_done_behind_it() -> None:
    facts = tool(
        "expire_unpaid",
        EXPIRING,
        f"{BOTH}{EXPIRING}",
    )
    one, other, expiring = (step(facts, path) for path in ("both/short", "both/long", "expiring"))
    assert facts.graph.concurrent(one, other)
    assert not facts.graph.concurrent(one, expiring)
    assert facts.graph.always_before(one, expiring)
    assert facts.graph.always_before(other, expiring)


def test_what_is_repeated_may_not_happen_at_all_and_may_follow_itself() -> None:
    facts = tool(
        "expire_unpaid",
        EXPIRING,
        f"{TURNS}{EXPIRING}",
    )
    rest, expiring = step(facts, "turns/rest"), step(facts, "expiring")
    assert names(facts.graph.repeated(rest)) == ["turns"]
    assert facts.graph.can_follow(rest, rest)
    assert facts.graph.can_follow(rest, expiring)
    assert not facts.graph.always_before(rest, expiring)


def test_a_witness_tells_what_commits_and_which_case_is_taken() -> None:
    facts = tool("checkout")
    moments = [Moment(step(facts, "charge"), "succeeds"), Moment(step(facts, "is_declined/confirming/paid"), "refuses")]
    assert witness(facts.graph, moments, "the money is gone") == (
        "`placing` commits",
        "`charge` succeeds",
        "`is_declined` takes `else`",
        "`paid` refuses",
        "the money is gone",
    )


@pytest.mark.parametrize(
    ("name", "path", "place", "origins"),
    [
        ("checkout", "charge", "amount", {"input.quantity", "Product.price", "Order.total"}),
        ("checkout", "placing/order", "set.customer", {"Customer.id"}),
        ("checkout", "placing/customer", "where.account", {"principal.subject"}),
        ("my_orders", "respond", "value.orders", {"Order.id", "Order.state"}),
        ("my_orders", "looking/found", "limit", {"input.limit"}),
        ("ship", "noting/shipped", "set.parcel", {"carrier.create_parcel.parcel"}),
        ("expire_unpaid", "expiring/expired", "where.created_at", {"now"}),
        ("stock_up", "respond", "value.stock", {"Product.stock", "input.pieces"}),
    ],
)
def test_the_origins_of_a_value_are_followed_to_where_it_came_from(
    name: str, path: str, place: str, origins: set[str]
) -> None:
    facts = tool(name)
    use = next(use for use in step(facts, path).facts.uses if use.place == place)
    assert {origin.name for origin in facts.data.of_use(use)} == origins


def test_a_name_for_a_value_leads_to_what_it_stands_for() -> None:
    facts = tool(
        "stock_up",
        ANSWER,
        RENAMED,
    )
    use = step(facts, "respond").facts.uses[0]
    assert {"Product.stock", "input.pieces"} <= facts.data.from_input(use.expression) | {
        origin.name for origin in facts.data.of_use(use)
    }


def test_personal_values_are_known_as_such_and_others_are_not() -> None:
    facts = tool(
        "my_orders",
        "value: {orders: \"found.map(order, {'order': order.id, 'state': order.state})\"}\n",
        "value: {orders: \"found.map(order, {'order': order.id, 'state': order.state})\"}\n",
    )
    assert facts.data.personal(step(facts, "respond").facts.uses[0].expression) == frozenset()
    registering = tool("register", "body: {customer: customer.id}\n", "body: {customer: customer.email}\n")
    sent = next(use for use in step(registering, "registration/welcomed").facts.uses if use.place == "body.customer")
    assert registering.data.personal(sent.expression) == {"Customer.email"}
