"""Steps that move, are renamed, or are reached without what was asked before them."""

from __future__ import annotations

from tests.writ.rules.library import app_files, check_texts, edited
from writ.changes.change import Change
from writ.changes.compare import compare
from writ.changes.steps import matched
from writ.graph.app import AppFacts
from writ.nodes.typed import TypedApp

REFUND = "tools/refund.yaml"
APPROVAL = """
- approval: agreed
  roles: [manager]
  number: 1
  of: {order: order.id, version: order.version, amount: order.total}
  within: 48h
  on_timeout: reject
  else: not_agreed
"""
ANSWER = """
- respond:
  value: {order: order.id}
"""


def shop(**files: str) -> TypedApp:
    checked = check_texts({**app_files("shop"), **files}, "shop")
    assert checked.app is not None, checked.problems
    return checked.app


def refund(*edits: tuple[str, str]) -> TypedApp:
    text = app_files("shop")[REFUND]
    for old, new in edits:
        text = edited(text, old, new)
    return shop(**{REFUND: text})


def kinds(changes: tuple[Change, ...]) -> list[str]:
    return [change.kind.word for change in changes]


def test_a_payment_that_is_reached_without_its_approval_is_red() -> None:
    behind = refund((APPROVAL, ""), (ANSWER, APPROVAL + ANSWER))
    changes = compare(refund(), behind)
    bypassed = [change for change in changes if change.kind.word == "guard-bypassed"]
    assert {change.path for change in bypassed} == {
        "shop.refund/intending/refunded", "shop.refund/money_back", "shop.refund/noting/noted",
    }  # fmt: skip
    assert "`money_back` was only reached behind `agreed`, and is now reached without it" in {
        change.message for change in bypassed
    }
    assert "approval-removed" not in kinds(changes)
    assert "approval-added" not in kinds(changes)


def test_an_approval_that_moves_to_the_front_is_only_moved() -> None:
    behind = refund((APPROVAL, ""), (ANSWER, APPROVAL + ANSWER))
    changes = compare(behind, refund())
    assert sorted(set(kinds(changes))) == ["runs-keep-plan", "step-moved"]


def test_a_question_that_only_some_runs_are_asked_no_longer_guards() -> None:
    old = "- require: is_paid\n  that: order.state == 'paid' && has(order.payment)\n  else: not_paid"
    new = f"- if: asked\n  when: has(order.payment)\n  then:\n{_indented(old)}"
    text = edited(app_files("shop")[REFUND], old, new)
    checked = check_texts({**app_files("shop"), REFUND: text}, "shop")
    assert checked.partial is not None
    tool = AppFacts(checked.partial).every_tool.get("refund")
    if tool is None:  # what it proved present is not proved any more: then there is no flow to compare
        assert checked.problems
        return
    assert "guard-bypassed" in kinds(compare(refund(), checked.partial))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def test_a_question_that_moves_within_its_transaction_still_guards() -> None:
    checkout = app_files("shop")["tools/checkout.yaml"]
    question = "- require: enough\n  that: product.stock >= input.quantity\n  else: too_few"
    write = "- update: held\n  entity: Product\n  where: {id: product.id}\n"
    write += "  set: {stock: product.stock - input.quantity}"
    text = edited(edited(checkout, question, ""), write, f"{write}\n{question}")
    changes = compare(shop(), shop(**{"tools/checkout.yaml": text}))
    assert kinds(changes) == ["step-moved", "runs-keep-plan"]


def test_a_transaction_that_moves_takes_what_is_in_it_along() -> None:
    whole = app_files("shop")[REFUND]
    noting = (
        "- transaction: noting\n  nodes:\n    - update: noted\n      entity: Order\n"
        "      where: {id: order.id}\n      set: {payment: money_back.reference}"
    )
    inner = f"- if: worth_it\n  when: order.total.amount > 0\n  then:\n{_indented(noting)}"
    changes = compare(refund(), shop(**{REFUND: edited(whole, noting, inner)}))
    moved = [change.path for change in changes if change.kind.word == "step-moved"]
    assert moved == ["shop.refund/worth_it/noting"]
    assert "write-removed" not in kinds(changes)
    assert "write-added" not in kinds(changes)


def test_every_step_has_its_own_counterpart() -> None:
    old, new = (AppFacts(shop()).every_tool["checkout"].graph for _ in range(2))
    found = matched(old, new)
    assert [pair.how for pair in found.pairs] == ["stays"] * len(old.steps)
    assert [pair.old.path for pair in found.pairs] == [pair.new.path for pair in found.pairs]
    assert (found.gone, found.fresh) == ((), ())
