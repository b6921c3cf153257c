# a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.nodes.behind import facts, typed, uses, wrong

MISTAKES = [
    # the node, code, what is underlined, words
    ('- wait: w\n', 'missing-key', 'w', 'how long'),
    ('- wait: w\n  for: 5m\n  until: now\n', 'misplaced-key', 'until', 'keep one'),
    ('- wait: w\n  for: 0s\n', 'not-a-duration', '0s', 'length of time'),
    ('- wait: w\n  until: input.days\n', 'expression-type', 'input.days', 'timestamp'),
]  # fmt: skip


@pytest.mark.parametrize(("node", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_wait_is_one_problem(node: str, code: str, underlined: str, words: str) -> None:
    found = wrong(node)
    assert found[:2] == (code, underlined)
    assert words in found[2]


def test_a_wait_says_how_long_or_until_when() -> None:
    assert getattr(typed("- wait: w\n  for: 30m\n"), "seconds", None) == 1800.0
    assert uses("- wait: w\n  until: now + duration('5s')\n") == [("until", "until", "now + duration('5s')")]
    assert facts("- wait: w\n  for: 30m\n").effect == "wait"
