# a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.nodes.behind import facts, typed, uses, wrong

MISTAKES = [
    # the node, code, what is underlined, words
    ('- erase: e\n  entity: Bok\n', 'unknown-entity', 'Bok', 'did you mean `Book`?'),
    ('- erase: e\n  entity: Book\n  where: {titl: book.title}\n', 'unknown-field', 'titl', 'did you mean `title`?'),
    ('- erase: e\n  entity: Book\n  expect_rows: 0\n', 'out-of-bounds', '0', 'between 1'),
    ('- erase: e\n  entity: Book\n  approval: agred\n', 'unknown-name', 'agred', 'no node before this'),
]  # fmt: skip


@pytest.mark.parametrize(("node", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_erase_is_one_problem(node: str, code: str, underlined: str, words: str) -> None:
    found = wrong(node)
    assert found[:2] == (code, underlined)
    assert words in found[2]


def test_without_a_condition_it_types_for_a_rule_to_judge() -> None:
    found = facts("- erase: e\n  entity: Book\n").write
    assert found is not None
    assert (found.kind, found.where, found.rows, found.stated) == ("erase", (), (0, None), False)
    assert uses("- erase: e\n  entity: Book\n  where: {id: book.id}\n") == [("where.id", "where", "book.id")]


def test_an_erase_may_name_the_approval_before_it() -> None:
    node = "- erase: e\n  entity: Book\n  where: {id: book.id}\n  approval: lending\n"
    assert getattr(typed(node), "approval", None) == "lending"
