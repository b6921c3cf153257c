# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.nodes.behind import checked, facts, lists, uses, wrong

MISTAKES = [
    # the node, code, what is underlined, words
    ('- payment: p\n  connector: bank\n  operation: charge\n', 'missing-key', 'p', 'does not say how much'),
    ('- payment: p\n  connector: bank\n  operation: refund\n', 'missing-key', 'p', 'which payment'),
    ('- payment: p\n  connector: bank\n  operation: find\n', 'not-allowed', 'find', '`charge`'),
    ('- payment: p\n  connector: bank\n  operation: payout\n  amount: "{\'amount\': 100, \'currency\': \'EUR\'}"\n', 'unknown-operation', 'payout', '`bank` has no operation'),
    ('- payment: p\n  connector: bnk\n  operation: charge\n  amount: "{\'amount\': 100, \'currency\': \'EUR\'}"\n', 'unknown-connector', 'bnk', 'did you mean `bank`?'),
    ('- payment: p\n  connector: bank\n  operation: charge\n  amount: input.days\n', 'expression-type', 'input.days', 'amount of money'),
    ('- payment: p\n  connector: bank\n  operation: charge\n  amount: "{\'amount\': 100, \'currency\': \'EUR\'}"\n  on_unknown: stop\n', 'not-allowed', 'stop', 'park'),
    ('- payment: p\n  connector: bank\n  operation: charge\n  amount: "{\'amount\': 100, \'currency\': \'EUR\'}"\n  on_error: []\n', 'no-result', 'p', 'end the path'),
    ('- payment: p\n  connector: bank\n  operation: charge\n  amount: "{\'amount\': 100, \'currency\': \'EUR\'}"\n  on_unknown: []\n', 'no-result', 'p', 'behind `on_unknown`'),
    ('- payment: p\n  connector: bank\n  operation: charge\n  amount: "{\'amount\': 100, \'currency\': \'EUR\'}"\n  on_unknown: [{transform: t, value: p.status}, {refuse: out}]\n', 'unknown-name', 'p', 'known here'),
    ('- payment: p\n  connector: bank\n  operation: charge\n  amount: "{\'amount\': 100, \'currency\': \'EUR\'}"\n  compensate: {operation: refund, with: {of: p.status2}}\n', 'unknown-field', 'status2', 'did you mean `status`?'),
    ('- payment: p\n  connector: bank\n  operation: charge\n  amount: "{\'amount\': 100, \'currency\': \'EUR\'}"\n  compensate: {operation: refund, with: {of: input.days}}\n', 'expression-type', 'input.days', 'text'),
    ('- payment: p\n  connector: bank\n  operation: charge\n  amount: "{\'amount\': 100, \'currency\': \'EUR\'}"\n  compensate: {operation: refund, with: [p.reference]}\n', 'wrong-type', '[p.reference]', 'is a mapping'),
    ('- payment: p\n  connector: bank\n  operation: charge\n  amount: "{\'amount\': 100, \'currency\': \'EUR\'}"\n  with: {note: input.remark2}\n', 'unknown-field', 'remark2', 'did you mean'),
]  # fmt: skip


@pytest.mark.parametrize(("node", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_payment_is_one_problem(node: str, code: str, underlined: str, words: str) -> None:
    found = wrong(node)
    assert found[:2] == (code, underlined)
    assert words in found[2]


PAYMENT = """\
- payment: p
  connector: bank
  operation: charge
  amount: "{'amount': 100, 'currency': 'EUR'}"
"""


def test_a_payment_binds_its_outcome_and_reference() -> None:
    use = "- require: paid\n  that: p.status == 'succeeded' && p.reference != ''\n  else: out\n"
    assert checked(PAYMENT + use).problems == ()
    assert "undeclared-value" in [one.code for one in checked(PAYMENT + use.replace("succeeded", "paid")).problems]


def test_a_payment_states_every_expression_with_its_place() -> None:
    node = (
        PAYMENT
        + "  key: loan.id\n  with: {note: loan.id}\n  compensate: {operation: refund, with: {of: p.reference}}\n"
    )
    assert [(place, purpose) for place, purpose, _ in uses(node)] == [
        ("amount", "amount"),
        ("with.note", "send"),
        ("key", "key"),
        ("compensate.of", "compensate"),
    ]
    refund = "- payment: p\n  connector: bank\n  operation: refund\n  of: input.reader\n"
    assert uses(refund) == [("of", "reference", "input.reader")]


def test_an_outcome_nobody_knows_is_handled_by_a_path_or_a_lookup() -> None:
    refund = "- payment: p\n  connector: bank\n  operation: refund\n  of: input.reader\n"
    handled = [facts(node).outside for node in (PAYMENT, refund, refund + "  on_unknown: park\n")]
    assert [outside.unknown_handled for outside in handled if outside] == [True, False, True]


def test_its_paths_are_lists_of_nodes() -> None:
    node = PAYMENT + "  on_error: [{refuse: out}]\n  on_unknown: [{refuse: out}]\n"
    assert lists(node) == ["on_error", "on_unknown"]
    assert facts(node).effect == "payment"
