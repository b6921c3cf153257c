# ruff: noqa: E501  # a table has one case per line
"""Rules of an app's own: policies with `design`, typed by the fact they are about."""

from __future__ import annotations

import pytest

from tests.writ.library import library, marked_text, only
from writ.spec.design_facts import DESIGN_FACTS

RULE = """\
policy: few_roles
description: A tool is for few.
id: ORG001
about: tool
design: size(tool.allow) > 3
level: red
message: Too many roles.
"""

MISTAKES = [
    ("id: ORG001\n", "", "missing-key", "policy", "`ORG001`"),
    ("id: ORG001", "id: ORG1", "not-a-rule-id", "ORG1", "three digits"),
    ("id: ORG001", "id: PAY001", "not-a-rule-id", "PAY001", "`ORG`"),
    ("id: ORG001", "id: 1", "wrong-type", "1", "`ORG001`"),
    ("about: tool\n", "", "missing-key", "policy", "`entity`"),
    ("about: tool", "about: tools", "not-allowed", "tools", "did you mean `tool`?"),
    ("level: red\n", "", "missing-key", "policy", "`yellow`"),
    ("level: red", "level: green", "not-allowed", "green", "`red` or `yellow`"),
    ("message: Too many roles.\n", "", "missing-key", "policy", "`message`"),
    ("message:", "status: 403\nmessage:", "misplaced-key", "status", "`deny_when`"),
    ("message:", "applies_to: [lend]\nmessage:", "misplaced-key", "applies_to", "`deny_when` or `require_approval_when`"),
    ("message:", "roles: [clerk]\nmessage:", "misplaced-key", "roles", "`require_approval_when`"),
    ("size(tool.allow) > 3", "size(tool.allow)", "expression-type", "size(tool.allow)", "true or false"),
    ("size(tool.allow) > 3", "tool.alow == []", "unknown-field", "alow", "did you mean `allow`?"),
    ("size(tool.allow) > 3", "entity.name == 'x'", "unknown-name", "entity", "`tool`"),
    ("size(tool.allow) > 3", "tool.nodes > 'x'", "expression-type", "tool.nodes > 'x'", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_rule_is_one_problem(old: str, new: str, code: str, underlined: str, words: str) -> None:
    assert old in RULE
    text = RULE.replace(old, new, 1)
    problem = only(library(rule=text))
    assert (problem.code, marked_text(problem, text)) == (code, underlined)
    assert words in problem.message + problem.help


def test_a_rule_is_typed_and_refuses_no_call() -> None:
    app = library(rule=RULE + "help: Split the tool.\n").app
    assert app is not None
    (rule,) = app.design_rules
    assert (rule.id, rule.name, rule.about, rule.level) == ("ORG001", "few_roles", "tool", "red")
    assert (rule.message, rule.help, rule.design.source) == (
        "Too many roles.",
        "Split the tool.",
        "size(tool.allow) > 3",
    )
    assert [policy.name for policy in app.tools["lend"].policies] == ["no_late"]


USES = [
    ("tool", "tool.name.startsWith('x') && tool.own == tool.allow && tool.public && !tool.conceal && tool.version > 1"),
    ("tool", "'http' in tool.triggers && tool.method == 'GET' && tool.path != '' && tool.idempotency == 'none'"),
    ("tool", "tool.nodes + tool.transactions + tool.payments + tool.calls_outside > 9 && 'A' in tool.writes + tool.reads"),
    ("entity", "entity.owner == '' && entity.fields.exists(f, f.personal && f.type == 'text' && !f.secret)"),
    ("entity", "entity.fields.all(f, f.optional || f.immutable || f.unique || f.name != '') && size(entity.states) > 9"),
    ("entity", "entity.tenant == '' && entity.invariants == [] && entity.description == entity.name"),
    ("node", "node.kind == 'read' && node.effect == 'read' && node.transaction == '' && node.entity != node.connector"),
    ("node", "node.tool + node.path + node.name == node.operation"),
    ("edge", "edge.tool == 'x' && edge.from_node != edge.to_node && edge.why == ''"),
]  # fmt: skip


@pytest.mark.parametrize(("about", "design"), USES)
def test_a_rule_sees_the_fact_it_is_about(about: str, design: str) -> None:
    text = RULE.replace("about: tool", f"about: {about}").replace("size(tool.allow) > 3", f'"{design}"')
    assert library(rule=text).problems == ()


def test_no_fact_may_be_absent() -> None:
    assert not [field for fact in DESIGN_FACTS.values() for field in fact.fields if field.optional]


def test_rules_come_by_id_and_each_id_once() -> None:
    second = RULE.replace("few_roles", "a_second").replace("ORG001", "ORG002")
    app = library(rule=RULE, again=second).app
    assert app is not None
    assert [rule.id for rule in app.design_rules] == ["ORG001", "ORG002"]
    problem = only(library(rule=RULE, again=RULE.replace("few_roles", "a_second")))
    assert problem.code == "duplicate-name"
    assert "ORG001" in problem.message


def test_a_rule_may_be_called_as_a_refusal_is() -> None:
    assert library(rule=RULE.replace("few_roles", "not_found")).problems == ()
