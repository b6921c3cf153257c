# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.nodes.behind import checked, facts, uses, wrong

MISTAKES = [
    # the node, code, what is underlined, words
    ('- call: c\n', 'missing-key', 'call', '`tool` is missing'),
    ('- call: c\n  tool: renw\n  input: {loan: loan.id}\n', 'unknown-tool', 'renw', 'did you mean `renew`?'),
    ('- call: c\n  tool: renew\n  input: {loan: loan.idd}\n', 'unknown-field', 'idd', 'did you mean `id`?'),
    ('- call: c\n  tool: renew\n  input: {loan: loan.id}\n- transform: t\n  value: c.dys\n', 'unknown-field', 'dys', 'did you mean `days`?'),
]  # fmt: skip


@pytest.mark.parametrize(("node", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_call_is_one_problem(node: str, code: str, underlined: str, words: str) -> None:
    found = wrong(node)
    assert found[:2] == (code, underlined)
    assert words in found[2]


CALL = "- call: c\n  tool: renew\n  input: {loan: loan.id}\n  as: clerk\n"


def test_a_call_binds_what_the_tool_answers() -> None:
    assert checked(CALL + "- transform: t\n  value: c.days + 1\n").problems == ()


def test_a_call_states_what_it_calls_as_whom_with_what() -> None:
    found = facts(CALL)
    assert (found.calls, found.acts_as, found.effect) == ("renew", "clerk", "call")
    assert (found.refuses, found.fails, found.binds) == (True, True, "c")
    assert uses(CALL) == [("input.loan", "call", "loan.id")]
