# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.library import edited, fits_in_flow, in_flow, library
from writ.nodes.typed import TypedChoice, TypedTransaction

NODE = ""

MISTAKES = [
    # what follows, code, what is underlined, words
    ('- if: i\n  then: []\n', 'missing-key', 'if', '`when` is missing'),
    ("- if: i\n  when: 'true'\n", 'missing-key', 'if', '`then` is missing'),
    ('- if: i\n  when: book.copies\n  then: []\n', 'expression-type', 'book.copies', 'true or false'),
    ("- if: i\n  when: 'true'\n  then: refuse\n", 'wrong-type', 'refuse', 'a list'),
    ("- if: book\n  when: 'true'\n  then: []\n", 'duplicate-name', 'book', 'the first is'),
    ('- if: i\n  when: has(input.remark)\n  then: []\n  else: [{transform: t, value: input.remark}]\n', 'optional-without-has', 'input.remark', 'may be absent'),
    ("- if: i\n  when: 'true'\n  then: [{transform: t, value: 5}]\n- transform: t2\n  value: t\n", 'unknown-name', 't', 'known here'),
    ('- switch: s\n  cases: []\n', 'no-cases', 'cases', 'at least one'),
    ('- switch: s\n  cases:\n    - {when: book.copies > 1, nodes: []}\n', 'no-default', 's', 'add `default`'),
    ('- switch: s\n  on: book.genre\n  cases:\n    - {is: [novel], nodes: []}\n', 'no-default', 's', 'no case for `essay`'),
    ('- switch: s\n  on: book.genre\n  cases:\n    - {is: [novel], nodes: []}\n    - {is: [essay, novel], nodes: []}\n', 'duplicate-value', 'novel', 'a case already'),
    ('- switch: s\n  on: book.genre\n  cases:\n    - {is: [], nodes: []}\n  default: []\n', 'empty-range', 'is', 'at least one'),
    ('- switch: s\n  on: book.genre\n  cases:\n    - {is: novel, nodes: []}\n  default: []\n', 'wrong-type', 'novel', 'a list'),
    ('- switch: s\n  on: book.genre\n  cases:\n    - {is: [poem], nodes: []}\n  default: []\n', 'undeclared-value', 'poem', '`essay`'),
    ("- switch: s\n  on: book.genre\n  cases:\n    - {when: 'true', nodes: []}\n  default: []\n", 'misplaced-key', 'when', 'needs `is`'),
    ('- switch: s\n  on: book.genre\n  cases:\n    - {is: [novel], nods: []}\n  default: []\n', 'unknown-key', 'nods', 'not a key of a case'),
    ('- switch: s\n  cases:\n    - {is: [a], nodes: []}\n  default: []\n', 'misplaced-key', 'is', 'needs `when`'),
    ("- switch: s\n  on: book.copies\n  cases:\n    - {is: ['1'], nodes: []}\n  default: []\n", 'expression-type', 'book.copies', 'needs a text'),
    ("- switch: s\n  on: book\n  cases:\n    - {is: ['1'], nodes: []}\n", 'expression-type', 'book', 'needs a text'),
    ("- switch: s\n  on: input.remark\n  cases:\n    - {is: ['1'], nodes: []}\n  default: []\n", 'optional-without-has', 'input.remark', 'may be absent'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_choice_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = in_flow(NODE + written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize(
    "written",
    [
        "- if: i\n  when: has(input.remark)\n  then: [{transform: t, value: input.remark + '!'}]\n",
        "- switch: s\n  on: book.genre\n  cases:\n    - {is: [novel], nodes: []}\n    - {is: [essay], nodes: []}\n",
        "- switch: s\n  on: book.title // a comment\n  cases:\n    - {is: ['1'], nodes: []}\n  default: []\n",
    ],
)
def test_a_sound_choice_is_taken(written: str) -> None:
    assert fits_in_flow(NODE + written)


def behind(node: str) -> list[str]:
    """The codes for the app with this node before its answer, where `input.remark` is then used."""
    used = "  - transform: used\n    value: input.remark + '!'\n"
    lines = "".join(f"  {line}\n" for line in node.splitlines())
    result = library(lend=edited("lend", "  - respond:", f"{lines}{used}  - respond:"))
    return [problem.code for problem in result.problems]


@pytest.mark.parametrize(
    "node",
    [
        "- if: i\n  when: '!has(input.remark)'\n  then: [{refuse: out}]",
        "- if: i\n  when: has(input.remark)\n  then: []\n  else: [{refuse: out}]",
        "- switch: s\n  cases:\n    - {when: '!has(input.remark)', nodes: [{refuse: out}]}\n  default: []",
        "- require: r\n  that: has(input.remark)\n  else: out",
    ],
)
def test_what_holds_on_the_only_way_that_goes_on_is_known_behind(node: str) -> None:
    assert behind(node) == []


@pytest.mark.parametrize(
    "node",
    [
        "- if: i\n  when: has(input.remark)\n  then: []",
        "- if: i\n  when: has(input.remark)\n  then: [{refuse: out}]",
        "- switch: s\n  cases:\n    - {when: has(input.remark), nodes: []}\n  default: []",
    ],
)
def test_what_holds_on_one_of_several_ways_is_not_known_behind(node: str) -> None:
    assert behind(node) == ["optional-without-has"]


def test_a_choice_whose_every_way_ends_is_the_end() -> None:
    both = "- if: i\n  when: 'true'\n  then: [{refuse: out}]\n  else: [{refuse: out}]"
    assert behind(both)[0] == "unreachable-node"
    every = "- switch: s\n  on: book.genre\n  cases:\n    - {is: [novel], nodes: [{refuse: out}]}\n    - {is: [essay], nodes: [{refuse: out}]}"
    assert behind(every)[0] == "unreachable-node"


def test_what_is_wrong_inside_a_wrong_choice_is_told_too() -> None:
    lines = (
        "- if: i\n  wen: 'true'\n  then: [{transform: t, value: book.nope}]\n  else: [{transform: u, value: book.nop}]"
    )
    node = "".join(f"      {line}\n" for line in lines.splitlines())
    result = library(lend=edited("lend", "      - create: loan\n", f"{node}      - create: loan\n"))
    assert [problem.code for problem in result.problems] == ["unknown-key", "unknown-field", "unknown-field"]


def test_a_comment_in_the_subject_of_a_switch_does_not_swallow_its_values() -> None:
    app = library(
        lend=edited(
            "lend",
            "      - create: loan\n",
            """\
      - switch: s
        on: "book.title // a comment"
        cases:
          - {is: ['1'], nodes: []}
        default: []
      - create: loan
""",
        )
    ).app
    assert app is not None
    (transaction, *_) = app.tools["lend"].flow
    assert isinstance(transaction, TypedTransaction)
    choice = next(node for node in transaction.nodes if isinstance(node, TypedChoice))
    assert choice.cases[0].when is not None
    assert choice.cases[0].when.source == '(book.title // a comment\n) in ["1"]'
