from __future__ import annotations

import pytest

from tests.writ.nodes.behind import facts, wrong

MISTAKES = [
    # the node, code, what is underlined, words
    ('- sql: 5\n', 'wrong-type', '5', 'the text of a statement'),
    ('- sql: Fix it\n  statement: UPDATE book\n', 'not-a-name', 'Fix it', 'small letters'),
    ('- sql: fix\n  statement: 5\n', 'wrong-type', '5', 'a text'),
]  # fmt: skip


@pytest.mark.parametrize(("node", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_sql_is_one_problem(node: str, code: str, underlined: str, words: str) -> None:
    found = wrong(node)
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize(
    ("node", "name"), [("- sql: fix\n  statement: UPDATE book\n", "fix"), ("- sql: UPDATE book\n", "sql")]
)
def test_a_statement_types_with_and_without_a_name(node: str, name: str) -> None:
    found = facts(node)
    assert (found.name, found.effect) == (name, "write")
    assert found.write is not None
    assert (found.write.kind, found.write.entity) == ("sql", None)
