"""How long the history of a run can get."""

from __future__ import annotations

from functools import cache

import pytest

from tests.writ.rules.library import app_files, check_texts, edited
from writ.graph.app import AppFacts
from writ.graph.history import FRAME, events_of


@cache
def events(name: str, old: str = "", new: str = "") -> int:
    texts = dict(app_files("shop"))
    if old:
        texts[f"tools/{name}.yaml"] = edited(texts[f"tools/{name}.yaml"], old, new)
    checked = check_texts(texts, "shop")
    assert checked.problems == ()
    assert checked.app is not None
    app = AppFacts(checked.app)
    return events_of(app, app.every_tool[name])


RESPOND = "- respond:\n  value: {stock: stocked.stock}"


def behind(nodes: str) -> int:
    return events("stock_up", RESPOND, f"{nodes}\n{RESPOND}") - events("stock_up")


def test_a_run_with_one_transaction_leaves_eight_events() -> None:
    assert events("stock_up") == FRAME + 1 == 8


def test_of_two_cases_the_longer_one_counts() -> None:
    short, long = "- wait: a\n  for: 1s", "- wait: b\n  for: 1s\n- wait: c\n  for: 1s"
    one = behind(short)
    both = "- if: late\n  when: stocked.stock > 3\n  then:\n    - wait: a\n      for: 1s\n  else:\n" + "\n".join(
        f"    {line}" for line in long.splitlines()
    )
    assert behind(both) == 2 * one


def test_all_branches_of_a_parallel_count() -> None:
    one = behind("- wait: a\n  for: 1s")
    both = "- parallel: two\n  branches:\n    left: [{wait: a, for: 1s}]\n    right: [{wait: b, for: 1s}]"
    assert behind(both) == 2 * one


@pytest.mark.parametrize("times", [1, 3, 100])
def test_what_is_repeated_counts_as_often_as_it_may_be(times: int) -> None:
    one = behind("- wait: a\n  for: 1s")
    each = f"- each: piece\n  over: '[1, 2]'\n  max: {times}\n  nodes:\n    - wait: a\n      for: 1s"
    assert behind(each) == times * one


def test_a_called_tool_counts_with_all_it_does() -> None:
    call = "- call: other\n  tool: my_orders\n  input: {}"
    assert behind(call) == events("my_orders")


def test_a_tool_that_calls_itself_is_counted_once() -> None:
    call = "- call: again\n  tool: stock_up\n  input: {product: product.id, pieces: 1}"
    assert behind(call) == 0
