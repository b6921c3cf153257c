from __future__ import annotations

import pytest

from tests.writ.library import LEND, POLICY, edited, library, marked_text, mistake, only

MISTAKES = [
    ("policy: no_late", "policy: not_found", "reserved-name", "not_found"),
    ("policy: no_late", "policy: out", "reserved-name", "out"),
    ("message: No.", "applies_to: []\nmessage: No.", "no-tools", "applies_to"),
    ("message: No.", "applies_to:\nmessage: No.", "wrong-type", "applies_to"),
    ("message: No.", "applies_to: [lnd]\nmessage: No.", "unknown-tool", "lnd"),
    ("message: No.", "applies_to: [lend, lend]\nmessage: No.", "duplicate-value", "lend"),
    ("message: No.\n", "", "missing-key", "policy"),
    ("deny_when:", "deny_whn:", "unknown-key", "deny_whn"),
    ("message: No.", "design: 'true'\nmessage: No.", "misplaced-key", "design"),
    ("message: No.", "roles: [clerk]\nmessage: No.", "misplaced-key", "roles"),
    ("message: No.", "help: x\nmessage: No.", "misplaced-key", "help"),
    ("message: No.", "status: 200\nmessage: No.", "out-of-bounds", "200"),
    ("message: No.", "message: ''", "out-of-bounds", "'"),
    ("\"'late' in principal.roles\"", "now", "expression-type", "now"),
    ("\"'late' in principal.roles\"", "input.nope == 1", "unknown-field", "nope"),
    ("\"'late' in principal.roles\"", "input.remark == ''", "optional-without-has", "input.remark"),
    ("\"'late' in principal.roles\"", "run.id == ''", "unknown-name", "run"),
    ("\"'late' in principal.roles\"", "principal.subjct == ''", "unknown-field", "subjct"),
    ("\"'late' in principal.roles\"", "''", "empty-expression", "'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "underlined"), MISTAKES)
def test_a_wrong_policy_is_one_problem(old: str, new: str, code: str, underlined: str) -> None:
    assert mistake("policy", old, new)[:2] == (code, underlined)


def test_a_mistake_that_many_tools_bring_to_light_is_one_problem_that_names_some() -> None:
    policy = edited("policy", "\"'late' in principal.roles\"", "input.nope == 1")
    tools = {f"t{i}": LEND.replace("tool: lend", f"tool: t{i}").replace("/lend", f"/t{i}") for i in range(6)}
    problem = only(library(policy=policy, **tools))
    assert problem.message.endswith("(for the tools `lend`, `t0`, `t1` and 4 more)")


def test_a_policy_of_no_tool_is_checked_as_far_as_it_can_be() -> None:
    policy = edited("policy", "\"'late' in principal.roles\"", "inptu.x == 1") + "applies_to: [lnd]\n"
    assert {problem.code for problem in library(policy=policy).problems} == {"unknown-name", "unknown-tool"}


def test_a_tool_has_the_policies_that_apply_to_it_by_name() -> None:
    other = LEND.replace("tool: lend", "tool: other").replace("/lend", "/other")
    first = POLICY.replace("no_late", "a_first") + "applies_to: [lend]\n"
    app = library(other=other, first=first).app
    assert app is not None
    assert [policy.name for policy in app.tools["lend"].policies] == ["a_first", "no_late"]
    assert [policy.name for policy in app.tools["other"].policies] == ["no_late"]


APPROVAL = """\
policy: long_loans
description: Who lends for long asks somebody.
require_approval_when: input.days > 30
roles: [clerk]
"""

APPROVAL_MISTAKES = [
    ("roles: [clerk]", "roles: [clark]", "unknown-role", "clark"),
    ("roles: [clerk]", "roles: [clerk, clerk]", "duplicate-value", "clerk"),
    ("roles: [clerk]\n", "", "missing-key", "policy"),
    ("roles: [clerk]", "roles: [clerk]\nmessage: No.", "misplaced-key", "message"),
    ("roles: [clerk]", "roles: [clerk]\napplies_to: [lnd]", "unknown-tool", "lnd"),
    ("input.days > 30", "input.dys > 30", "unknown-field", "dys"),
    ("input.days > 30", "input.days", "expression-type", "input.days"),
    ("require_approval_when: input.days > 30\n", "", "missing-key", "policy"),
    ("policy: long_loans", "policy: not_found", "reserved-name", "not_found"),
]


@pytest.mark.parametrize(("old", "new", "code", "underlined"), APPROVAL_MISTAKES)
def test_a_wrong_policy_that_asks_for_an_approval_is_one_problem(
    old: str, new: str, code: str, underlined: str
) -> None:
    assert old in APPROVAL
    text = APPROVAL.replace(old, new, 1)
    problem = only(library(approval=text))
    assert (problem.code, marked_text(problem, text)) == (code, underlined)


def test_a_tool_has_the_policies_that_ask_for_an_approval() -> None:
    app = library(approval=APPROVAL).app
    assert app is not None
    (policy,) = app.tools["lend"].approval_policies
    assert (policy.name, policy.roles, policy.require_approval_when.source) == (
        "long_loans",
        ("clerk",),
        "input.days > 30",
    )
    assert [policy.name for policy in app.tools["lend"].policies] == ["no_late"]


def test_an_approval_by_nobody_is_not_judged_here() -> None:
    app = library(approval=APPROVAL.replace("[clerk]", "[]")).app
    assert app is not None
    assert app.tools["lend"].approval_policies[0].roles == ()


def test_a_policy_of_two_forms_is_told_once() -> None:
    text = APPROVAL + "deny_when: input.days > 40\nmessage: No.\n"
    problem = only(library(approval=text))
    assert problem.code == "misplaced-key"
    assert "not both" in problem.message


def test_roles_are_not_unknown_where_the_app_is_broken() -> None:
    app = edited("app", "description", "descripton")
    assert only(library(app=app, approval=APPROVAL)).code == "unknown-key"
