"""What is left of a flow once the status of a payment is known, and where a run can still stop after it."""

from __future__ import annotations

from functools import cache

import pytest

from tests.writ.rules.library import app_files, check_texts, edited
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.supposing import stops_after_success, supposing, unsecured_stop
from writ.values.syntax import Call, ListLiteral, Literal, Name, Node, Place, Select

AT = Place(0, 0)
STATUS = Select(AT, Name(AT, "charge"), "status")
OTHER = Name(AT, "other")
COMPENSATION = """
compensate:
  operation: refund
  with: {of: charge.reference}
  timeouts: {start_to_close: 20s, schedule_to_close: 6h}
  retry: {max_attempts: 20, initial: 1s, backoff: 2, longest: 30m}
"""
CHOICE = "- if: is_declined\n  when: charge.status == 'declined'\n  then:"


def call(function: str, *arguments: Node) -> Call:
    return Call(AT, function, None, arguments)


def text(value: str) -> Literal:
    return Literal(AT, value)


SUCCEEDED = call("_==_", STATUS, text("succeeded"))
DECLINED = call("_==_", text("declined"), STATUS)


@pytest.mark.parametrize(
    ("condition", "worth"),
    [
        (SUCCEEDED, True),
        (DECLINED, False),
        (call("_!=_", STATUS, text("declined")), True),
        (call("!_", DECLINED), True),
        (call("@in", STATUS, ListLiteral(AT, (text("declined"), text("succeeded")))), True),
        (call("@in", STATUS, ListLiteral(AT, (text("declined"),))), False),
        (call("@in", STATUS, ListLiteral(AT, (text("declined"), OTHER))), None),
        (call("_&&_", SUCCEEDED, OTHER), None),
        (call("_&&_", DECLINED, OTHER), False),
        (call("_||_", SUCCEEDED, OTHER), True),
        (call("_||_", DECLINED, OTHER), None),
        (call("_==_", OTHER, text("succeeded")), None),
        (Literal(AT, True), True),
        (OTHER, None),
        (None, None),
    ],
)
def test_a_condition_is_worth_what_the_known_value_decides(condition: Node | None, worth: bool | None) -> None:
    assert supposing(condition, ("charge", "status"), "succeeded") is worth


@cache
def checkout(*edits: tuple[str, str]) -> ToolFacts:
    texts = dict(app_files("shop"))
    for old, new in edits:
        texts["tools/checkout.yaml"] = edited(texts["tools/checkout.yaml"], old, new)
    checked = check_texts(texts, "shop")
    assert checked.problems == ()
    assert checked.app is not None
    return AppFacts(checked.app).every_tool["checkout"]


def stops(tool: ToolFacts) -> list[str]:
    charge = next(step for step in tool.graph.steps if step.facts.name == "charge")
    return [step.facts.name for step in stops_after_success(tool.graph, charge)]


def first_unsecured(tool: ToolFacts) -> str | None:
    charge = next(step for step in tool.graph.steps if step.facts.name == "charge")
    stop = unsecured_stop(tool.graph, charge)
    return stop.facts.name if stop else None


def test_only_the_branch_of_a_success_can_stop_a_run_after_it() -> None:
    assert stops(checkout()) == ["confirming", "paid"]


def test_a_branch_whose_condition_says_nothing_of_the_status_counts() -> None:
    tool = checkout((CHOICE, "- if: is_declined\n  when: input.quantity > 50\n  then:"))
    assert stops(tool) == ["releasing", "cancelled", "product_again", "released", "declined", "confirming", "paid"]


def test_an_exhaustive_switch_over_the_status_is_understood() -> None:
    switch = """
- switch: outcome
  on: charge.status
  cases:
    - is: [declined]
      nodes:
        - refuse: declined
    - is: [succeeded]
      nodes:
        - wait: pause
          for: 1m
- if: is_declined
  when: charge.status == 'declined'
  then:
"""
    assert stops(checkout((CHOICE, switch))) == ["confirming", "paid"]


def test_a_requirement_of_success_stops_no_run_that_succeeded() -> None:
    require = "- require: went_well\n  that: charge.status == 'succeeded'\n  else: declined\n" + CHOICE
    assert stops(checkout((CHOICE, require))) == ["confirming", "paid"]


def test_an_early_refusal_behind_an_answered_success_is_not_reached() -> None:
    answered = """
- if: went_well
  when: charge.status == 'succeeded'
  then:
    - respond:
      value: {order: order.id, state: "'paid'"}
"""
    assert stops(checkout((CHOICE, answered + CHOICE))) == []


def test_nothing_is_unsecured_behind_a_compensation_or_a_pivot() -> None:
    assert first_unsecured(checkout()) is None
    assert first_unsecured(checkout((COMPENSATION, "pivot: true"))) is None
    assert first_unsecured(checkout((COMPENSATION, "on_error:\n  - refuse: declined"))) == "confirming"


def test_nothing_is_unsecured_behind_an_earlier_pivot() -> None:
    earlier = """
- payment: deposit
  connector: payments
  operation: charge
  amount: order.total
  pivot: true
- payment: charge
"""
    tool = checkout((COMPENSATION, "on_error:\n  - refuse: declined"), ("- payment: charge\n", earlier))
    assert first_unsecured(tool) is None


def test_a_payment_in_a_loop_can_fail_in_a_later_round() -> None:
    rounds = """
- each: rounds
  over: "[1, 2]"
  as: number
  max: 2
  nodes:
    - payment: deposit
      connector: payments
      operation: charge
      amount: order.total
- payment: charge
"""
    tool = checkout(("- payment: charge\n", rounds))
    deposit = next(step for step in tool.graph.steps if step.facts.name == "deposit")
    assert unsecured_stop(tool.graph, deposit) == deposit


def test_what_runs_beside_a_payment_can_stop_the_run_after_it() -> None:
    beside = """
- parallel: both
  branches:
    checking:
      - transaction: counting
        nodes:
          - read: product_before
            entity: Product
            where: {id: product.id}
    paying:
      - payment: deposit
        connector: payments
        operation: charge
        amount: order.total
- payment: charge
"""
    tool = checkout(("- payment: charge\n", beside))
    deposit = next(step for step in tool.graph.steps if step.facts.name == "deposit")
    stop = unsecured_stop(tool.graph, deposit)
    assert stop is not None
    assert stop.facts.name == "counting"
