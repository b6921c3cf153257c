"""A mistake is told once, at its place: what merely follows from it is not told as well."""

from __future__ import annotations

import pytest

from tests.writ.library import edited, library
from writ.check import CheckedApp

USES = [
    "found.map(it, it.id)",
    "found.filter(it, it.days > 3).map(it, it.id)",
    "found.exists(it, it.days > input.days) ? found.map(it, it.id) : []",
    "found[0].tags.map(it, it + '!')",
    "found.map(it, it.tags)[0].map(it, it)",
    "(input.days > 3 ? found : []).map(it, it)",
    "(found + found).map(it, it)",
    "found.row.days + 1",
    "-found.days * 2",
    "has(found.row) ? string(found.row.id) : ''",
    "{'a': found.map(it, {'b': it.c.map(x, x)})}",
    "size(found) > 0 && found[0] == input.days",
    "found.exists(it, it == 'x')",
    "dyn(found).map(it, it)",
]

BROKEN_ENTITY = {"reader": edited("reader", "personal: true", "personnal: true")}
BROKEN_FIELD = {"reader": edited("reader", "type: text, min_length: 1", "type: txt, min_length: 1")}
READ = "- {read: found, entity: Reader, expect: many, limit: 10}"


def with_node(node: str, use: str) -> str:
    nodes = [node, "- transform: used", "  value: >-", f"    {use}"]
    lines = "".join(f"      {line}\n" for line in nodes)
    return edited("lend", "      - create: loan\n", f"{lines}      - create: loan\n")


def codes(result: CheckedApp) -> list[str]:
    return [problem.code for problem in result.problems]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("broken", [BROKEN_ENTITY, BROKEN_FIELD], ids=["entity", "type of a field"])
def test_a_broken_entity_has_no_echo_in_a_tool(broken: dict[str, str], use: str) -> None:
    found = library(**broken, lend=with_node(READ, use)).problems
    assert {problem.span.file for problem in found} == {"reader.yaml"}, found
    assert len(found) == 1


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    ("node", "code"),
    [
        ("- {raed: found, entity: Reader, expect: many, limit: 10}", "unknown-node"),
        ("- {read: found, entity: Reader, expect: many, limt: 10}", "unknown-key"),
        ("- {read: found, entity: Raeder, expect: many, limit: 10}", "unknown-entity"),
        ("- {transform: found, value: input.dyas}", "unknown-field"),
    ],
)
def test_a_broken_node_has_no_echo_behind_it(node: str, code: str, use: str) -> None:
    assert set(codes(library(lend=with_node(node, use)))) <= {code, "no-limit"}


@pytest.mark.parametrize("use", USES)
def test_an_unknown_name_is_told_and_nothing_of_what_is_made_of_it(use: str) -> None:
    assert set(codes(library(lend=with_node("- {transform: other, value: '1'}", use)))) == {"unknown-name"}


@pytest.mark.parametrize("use", USES)
def test_a_broken_contract_has_no_echo_in_the_flow(use: str) -> None:
    use = use.replace("found", "input.remark")
    lend = with_node("- {transform: other, value: '1'}", use).replace("maxLength: 200", "maxLenght: 200")
    assert codes(library(lend=lend)) == ["unknown-key"]


@pytest.mark.parametrize("use", ["input.days.exists(it, it == 'x')", "input.things.map(it, it.a)[0].exists(it, it)"])
@pytest.mark.parametrize(
    ("old", "new"), [("maxLength: 200", "maxLenght: 200"), ("- create: loan", "- craete: loan"), ("conceal", "")]
)
def test_a_broken_tool_has_no_echo_in_a_policy(old: str, new: str, use: str) -> None:
    lend = edited("lend", old, new) if old != "conceal" else edited("lend", "allow:", "alow:")
    policy = edited("policy", "\"'late' in principal.roles\"", f'"{use}"')
    if "craete" in new:
        policy = edited("policy", "'late' in principal.roles", "input.days > 900")
    found = library(lend=lend, policy=policy).problems
    assert "policy.yaml" not in {problem.span.file for problem in found}, found


@pytest.mark.parametrize("use", ["this.tags.all(it, it != '')", "this.tags[0].all(it, it > 3)"])
def test_a_wrong_field_has_no_echo_in_an_invariant(use: str) -> None:
    loan = edited("loan", "    that: count <= 5", f'    that: "count <= 5 && has(this.tags) && {use}"')
    found = library(loan=loan.replace("until: {type: date, optional: true}", "tags: {type: list, optional: true}"))
    assert codes(found) == ["missing-key"]


CALL = """\
  - http: sent
    connector: post
    operation: send
    body: {to: "'x'"}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("description: Sends letters.\n", ""),
        ("effect: reversible", "effect: revers"),
        ("connector: post", "connector: Post"),
        ("connector: post", "conector: post"),
        ("operations:", "oprations:"),
        ("base_url: https://post.example", "base_url: https: //post.example"),
    ],
)
def test_a_broken_connector_has_no_echo_in_a_tool(old: str, new: str) -> None:
    calling = edited("lend", "  - respond:", f"{CALL}  - respond:")
    found = library(post=edited("post", old, new), lend=calling).problems
    assert {problem.span.file for problem in found} == {"post.yaml"}, found
    assert len(found) == 1
