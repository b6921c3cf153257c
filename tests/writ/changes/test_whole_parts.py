"""Changes that take two changed versions: tools that are gone while runs wait, and webhooks."""

from __future__ import annotations

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
