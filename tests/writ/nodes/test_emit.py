# a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.nodes.behind import facts, uses, wrong

MISTAKES = [
    # the node, code, what is underlined, words
    ('- emit: m\n', 'missing-key', 'emit', '`event` is missing'),
    ("- emit: m\n  event: ' '\n", 'wrong-type', ' ', 'has a name'),
    ('- emit: m\n  event: book.lent\n  to: pst\n', 'unknown-connector', 'pst', 'did you mean `post`?'),
    ('- emit: m\n  event: book.lent\n  body: {loan: loan.idd}\n', 'unknown-field', 'idd', 'did you mean `id`?'),
]  # fmt: skip


@pytest.mark.parametrize(("node", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_emit_is_one_problem(node: str, code: str, underlined: str, words: str) -> None:
    found = wrong(node)
    assert found[:2] == (code, underlined)
    assert words in found[2]


def test_an_event_states_its_body() -> None:
    node = "- emit: m\n  event: book.lent\n  to: post\n  body: {loan: loan.id, of: {days: input.days}}\n"
    assert uses(node) == [("body.loan", "event", "loan.id"), ("body.of.days", "event", "input.days")]
    assert facts(node).effect == "emit"
