from __future__ import annotations

import pytest

from tests.writ.library import edited, library, marked_text, only

MISTAKES = [
    ("- refuse: ut", "unknown-refusal", "ut", "did you mean `out`?"),
    ("- refuse:", "wrong-type", "refuse", "a name"),
    ("- refuse: [out]", "wrong-type", "[out]", "a name"),
    ("- refuse: out\n    value: x", "unknown-key", "value", "not a key of a `refuse`"),
    ("- refuse: forbidden", "unknown-refusal", "forbidden", "declare it"),
]


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_refuse_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    lend = edited("lend", "  - respond:\n    value: {loan: loan.id}\n", f"  {written}\n")
    problem = only(library(lend=lend))
    assert (problem.code, marked_text(problem, lend)) == (code, underlined)
    assert words in f"{problem.message} | {problem.help}"


def test_a_flow_may_end_with_a_refusal() -> None:
    assert (
        library(lend=edited("lend", "  - respond:\n    value: {loan: loan.id}\n", "  - refuse: out\n")).problems == ()
    )


def test_only_the_first_of_the_nodes_behind_the_end_is_reported() -> None:
    lend = edited("lend", "  - respond:", "  - refuse: out\n  - transform: a\n    value: 1\n  - respond:")
    problem = only(library(lend=lend))
    assert (problem.code, marked_text(problem, lend)) == ("unreachable-node", "transform")
