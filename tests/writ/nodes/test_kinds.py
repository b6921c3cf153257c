from __future__ import annotations

from pathlib import Path

import pytest

import writ.nodes
from tests.writ.library import LEND, edited, in_flow, library, mistake, only
from writ.nodes.kinds import KINDS

NOT_NODES = ["- read", "- {}", "- []", "- null", "- 5"]
TAKEN = [
    "input",
    "principal",
    "now",
    "run",
    "this",
    "count",
    "in",
    "int",
    "string",
    "list",
    "map",
    "type",
    "math",
    "dyn",
]


def test_every_kind_stands_in_a_file_of_the_folder() -> None:
    folder = Path(str(writ.nodes.__file__)).parent
    modules = {kind.check.__module__.rpartition(".")[2] for kind in KINDS}
    assert modules <= {path.stem for path in folder.glob("*.py")}
    assert {kind.word for kind in KINDS} >= modules - {"choice"}


@pytest.mark.parametrize("node", NOT_NODES)
def test_what_is_no_node_is_a_problem(node: str) -> None:
    assert in_flow(node)[0] == "not-a-node"


def test_a_misspelt_kind_still_binds_its_name_and_is_looked_into() -> None:
    lend = edited("lend", "- read: book", "- raed: book")
    assert only(library(lend=lend)).help == "did you mean `read`?"
    lend = edited("lend", "- transaction: lending", "- transction: lending")
    assert only(library(lend=lend)).help == "did you mean `transaction`?"
    lend = edited("lend", "  - respond:", "  - respnd:")
    assert only(library(lend=lend)).code == "unknown-node"


def test_a_node_of_no_kind_at_the_end_is_not_reported_as_a_missing_answer() -> None:
    lend = LEND[: LEND.index("  - respond:")] + "  - answer:\n    value: {loan: loan.id}\n"
    assert only(library(lend=lend)).code == "unknown-node"


def test_a_forgotten_dash_is_one_problem_that_says_so() -> None:
    code, underlined, words = mistake("lend", "      - require: is_home", "        require: is_home")
    assert (code, underlined) == ("two-nodes", "require")
    assert "begin every node with `- `" in words


@pytest.mark.parametrize("name", TAKEN)
def test_a_name_that_means_something_else_is_a_problem(name: str) -> None:
    assert in_flow(f"- transform: {name}\n  value: 5")[:2] == ("reserved-name", name)


def test_a_wrong_name_is_not_reported_again_where_it_is_used() -> None:
    lend = LEND.replace("- create: loan", "- create: Loan_1").replace("loan.id", "Loan_1.id")
    assert only(library(lend=lend)).code == "not-a-name"


def test_names_are_unique_across_branches() -> None:
    node = "- if: i\n  when: 'true'\n  then: [{transform: t, value: 1}]\n  else: [{transform: t, value: 2}]"
    assert in_flow(node)[:2] == ("duplicate-name", "t")


def test_a_node_of_a_broken_entity_is_not_reported() -> None:
    assert only(library(book="entity: Book\ndescription: x\n")).code == "missing-key"
