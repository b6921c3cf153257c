"""Changes that take two changed versions: tools that go while runs wait, webhooks, statements, limits of calls."""

from __future__ import annotations

import pytest

from tests.writ.rules.library import app_files, check_texts, edited
from writ.changes.compare import compare
from writ.nodes.typed import TypedApp

STOCK_UP = "tools/stock_up.yaml"
ROUTE = 'trigger: {http: {method: POST, path: "/products/{product}/stock"}}'


def shop(texts: dict[str, str]) -> TypedApp:
    checked = check_texts(texts, "shop")
    assert checked.app is not None, checked.problems
    return checked.app


def hooked(rest: str) -> TypedApp:
    new = f"trigger: {{webhook: {{path: /hooks/goods, {rest}roles: [clerk]}}}}"
    return shop({**app_files("shop"), STOCK_UP: edited(app_files("shop")[STOCK_UP], ROUTE, new)})


def kinds(old: TypedApp, new: TypedApp) -> list[str]:
    return [change.kind.word for change in compare(old, new)]


def test_a_tool_that_goes_while_its_runs_may_wait_is_told_twice() -> None:
    old = dict(app_files("shop"))
    new = {path: text for path, text in old.items() if path != "tools/refund.yaml"}
    assert kinds(shop(old), shop(new)) == ["tool-removed", "runs-outlive-tool"]


def test_a_webhook_that_is_no_longer_verified_is_red() -> None:
    signed = hooked("signature: {header: X-Signature, secret: goods_hook}, replay_window: 5m, ")
    unsigned = hooked("replay_window: 5m, ")
    assert kinds(signed, unsigned) == ["signature-removed"]
    assert kinds(unsigned, signed) == ["signature-added"]


def test_requests_of_any_age_are_red() -> None:
    signature = "signature: {header: X-Signature, secret: goods_hook}, "
    assert kinds(hooked(f"{signature}replay_window: 5m, "), hooked(signature)) == ["replay-widened"]
    assert kinds(hooked(f"{signature}replay_window: 5m, "), hooked(f"{signature}replay_window: 1m, ")) == [
        "replay-narrowed"
    ]


def executing(statement: str) -> TypedApp:
    new = f"- sql: counted\n  statement: {statement}\n- update: stocked"
    return shop({**app_files("shop"), STOCK_UP: edited(app_files("shop")[STOCK_UP], "- update: stocked", new)})


def test_another_statement_of_sql_is_something_else_that_is_written() -> None:
    old, new = executing("update product set stock = 1"), executing("update product set stock = 2")
    assert kinds(old, new) == ["write-changed"]


def limited_to(rate: str) -> TypedApp:
    new = f"{ROUTE}\nrate_limit: {rate}"
    return shop({**app_files("shop"), STOCK_UP: edited(app_files("shop")[STOCK_UP], ROUTE, new)})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("30/m", "30/m", []),
        ("30/m", "31/m", ["rate-limit-loosened"]),
        ("30/m", "29/m", ["rate-limit-tightened"]),
        ("1/s", "3600/h", ["rate-limit-loosened"]),
        ("3600/h", "1/s", ["rate-limit-tightened"]),
        ("1/s", "30/m", ["rate-limit-loosened"]),
        ("30/m", "1/s", ["rate-limit-loosened"]),
        ("30/m", "30/h", ["rate-limit-tightened"]),
    ],
)
def test_a_limit_is_looser_where_more_comes_through_at_once_or_in_the_long_run(
    old: str, new: str, told: list[str]
) -> None:
    assert kinds(limited_to(old), limited_to(new)) == told


LOOK_UP = """\
tool: look_up
description: Ask the carrier for something.
allow: {customer: own}
input: {type: object, additionalProperties: false, properties: {}}
output: {type: object, properties: {}}
flow:
  - http: asked
    connector: carrier
    operation: look
  - respond:
    value: {}
"""
LOOK = """\
  look:
    effect: none
    method: METHOD
    path: /looks
    request: {type: object, additionalProperties: false, properties: {}}
    response: {type: object, additionalProperties: false, properties: {}}
"""


@pytest.mark.parametrize(("method", "does"), [("GET", "only reads"), ("DELETE", "changes something")])
def test_a_new_tool_that_only_asks_a_service_changes_nothing(method: str, does: str) -> None:
    carrier = app_files("shop")["connectors/carrier.yaml"]
    texts = {**app_files("shop"), "connectors/carrier.yaml": carrier + LOOK.replace("METHOD", method)}
    new = check_texts({**texts, "tools/look_up.yaml": LOOK_UP}, "shop").partial
    assert new is not None and new.tools["look_up"].whole
    old = shop(dict(app_files("shop")))
    told = [change.message for change in compare(old, new) if "new tool" in change.message]
    assert told == [f"there is a new tool `look_up` that {does}, for `customer` over its own rows"]
