from __future__ import annotations

import pytest

from tests.writ.library import edited, library
from writ.nodes.facts import Facts
from writ.nodes.kinds import KINDS, facts_of, inner
from writ.nodes.typed import TypedChoice, TypedNode, TypedTool
from writ.values.syntax import Call


def tool(node: str) -> TypedTool:
    lines = "".join(f"      {line}\n" for line in node.splitlines())
    result = library(lend=edited("lend", "      - create: loan\n", f"{lines}      - create: loan\n"))
    assert result.problems == ()
    assert result.app is not None
    return result.app.tools["lend"]


def node(written: str) -> TypedNode:
    return dict(inner(tool(written).flow[0]))["nodes"][-2]


def facts(written: str) -> Facts:
    return facts_of(node(written))


def test_every_kind_states_something_of_itself() -> None:
    assert {kind.facts.__module__ for kind in KINDS} == {kind.check.__module__ for kind in KINDS}
    assert len({kind.typed for kind in KINDS}) == len(KINDS) - 1  # `if` and `switch` are one


def test_a_where_states_its_values_and_when_they_apply() -> None:
    found = facts(
        "- read: r\n  entity: Book\n  expect: many\n  limit: 5\n"
        "  where: {copies: {at_least: input.days, when: has(input.remark)}}"
    )
    assert [(use.place, use.purpose, use.operator) for use in found.uses] == [
        ("where.copies", "where", "at_least"),
        ("where.copies.when", "condition", "at_least"),
        ("limit", "limit", ""),
    ]
    assert {use.field.name for use in found.uses if use.field} == {"copies"}


@pytest.mark.parametrize(
    ("written", "refuses"),
    [
        ("- read: r\n  entity: Book\n  where: {id: book.id}", True),
        ("- read: r\n  entity: Book\n  where: {id: book.id}\n  expect: optional", False),
        ("- create: c\n  entity: Book\n  set: {title: input.reader, copies: 1}", True),
        ("- update: u\n  entity: Book\n  where: {id: book.id}\n  set: {copies: 1}", True),
        ("- archive: a\n  entity: Book\n  where: {id: book.id}", True),
        ("- archive: a\n  entity: Book\n  where: {id: book.id}\n  expect_rows: {at_least: 0}", False),
        ("- transition: t\n  entity: Book\n  where: {id: book.id}\n  to: home\n  expect_rows: {at_least: 0}", False),
        ("- require: q\n  that: book.copies > 0\n  else: out", True),
        ("- transform: v\n  value: 5", False),
    ],
)
def test_a_node_states_whether_the_run_may_end_at_it(written: str, refuses: bool) -> None:
    assert facts(written).refuses == refuses


def test_a_write_states_how_many_rows_and_whether_its_author_said_so() -> None:
    update = "- update: u\n  entity: Book\n  where: {id: book.id}\n  set: {copies: 1}"
    unstated, stated = facts(update).write, facts(update + "\n  expect_rows: {at_most: 9}").write
    assert unstated is not None
    assert stated is not None
    assert (unstated.rows, unstated.stated) == ((1, 1), False)
    assert (stated.rows, stated.stated) == ((0, 9), True)
    assert [field.name for field, _ in stated.sets] == ["copies"]


def test_rows_created_over_a_list_are_a_repetition() -> None:
    written = "- create: c\n  entity: Book\n  over: \"['a']\"\n  set: {title: item, copies: 1}"
    found = facts(written)
    assert found.repetition is not None
    assert (found.repetition.most, found.repetition.item) == (None, "item")
    assert found.write is not None
    assert (found.write.rows, found.write.stated) == ((0, None), False)
    assert [(use.place, use.purpose) for use in found.uses][:2] == [("over", "over"), ("set.title", "set")]


def test_a_template_states_its_expressions_by_dotted_places() -> None:
    found = facts("- transform: v\n  value: {a: input.days, b: [book.id, {c: book.title}]}")
    assert [use.place for use in found.uses] == ["value.a", "value.b.0", "value.b.1.c"]


def test_a_commit_may_fail_and_does_not_refuse() -> None:
    found = facts_of(tool("- transform: v\n  value: 5").flow[0])
    assert (found.fails, found.refuses, found.effect) == (True, False, "none")


def test_the_cases_of_a_choice_are_named_and_their_guards_placed() -> None:
    choice = node("- if: i\n  when: book.copies > 0\n  then: []")
    assert [name for name, _ in inner(choice)] == ["then", "else"]
    assert [(use.place, use.purpose) for use in facts_of(choice).uses] == [("when", "guard")]
    switch = node("- switch: s\n  on: book.genre\n  cases: [{is: [novel], nodes: []}]\n  default: []")
    assert [name for name, _ in inner(switch)] == ["case 1", "default"]
    assert [use.place for use in facts_of(switch).uses] == ["case 1.when"]


def test_a_case_of_a_switch_over_a_value_has_a_tree() -> None:
    switch = node("- switch: s\n  on: book.genre\n  cases: [{is: [novel, essay], nodes: []}]")
    assert isinstance(switch, TypedChoice)
    guard = switch.cases[0].when
    assert guard is not None
    assert isinstance(guard.tree, Call)
    assert guard.tree.function == "@in"
