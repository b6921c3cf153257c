# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.nodes.behind import facts, uses, wrong

MISTAKES = [
    # the node, code, what is underlined, words
    ('- approval: a\n  roles: [clerk]\n', 'missing-key', 'approval', '`else` is missing'),
    ('- approval: a\n  roles: [clerk]\n  else: ut\n', 'unknown-refusal', 'ut', 'did you mean `out`?'),
    ('- approval: a\n  roles: [clerk]\n  else: out\n  number: 0\n', 'out-of-bounds', '0', 'at least 1'),
    ('- approval: a\n  roles: [clerk]\n  else: out\n  within: long\n', 'not-a-duration', 'long', 'length of time'),
    ('- approval: a\n  roles: [clerk]\n  else: out\n  requester: both\n', 'not-allowed', 'both', '`excluded`'),
    ('- approval: a\n  roles: [clerk]\n  else: out\n  of: {loan: loan.idd}\n', 'unknown-field', 'idd', 'did you mean `id`?'),
    ('- approval: book\n  roles: [clerk]\n  else: out\n', 'duplicate-name', 'book', 'the first is'),
]  # fmt: skip


@pytest.mark.parametrize(("node", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_approval_is_one_problem(node: str, code: str, underlined: str, words: str) -> None:
    found = wrong(node)
    assert found[:2] == (code, underlined)
    assert words in found[2]


APPROVAL = "- approval: a\n  roles: [clerk]\n  of: {loan: loan.id, days: input.days}\n  within: 2d\n  else: out\n"


def test_an_approval_states_who_decides_about_what() -> None:
    found = facts(APPROVAL)
    assert (found.effect, found.refuses, found.binds) == ("approval", True, None)
    assert found.approval is not None
    assert found.approval.roles == ("clerk",)
    assert (found.approval.number, found.approval.requester_excluded, found.approval.within) == (1, True, 172_800.0)
    assert uses(APPROVAL) == [("of.loan", "approve", "loan.id"), ("of.days", "approve", "input.days")]


def test_an_approval_by_nobody_types_for_a_rule_to_judge() -> None:
    found = facts("- approval: a\n  requester: allowed\n  else: out\n").approval
    assert found is not None
    assert (found.roles, found.requester_excluded, found.within) == ((), False, None)
