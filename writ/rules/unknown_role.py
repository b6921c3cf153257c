"""A role is not declared, or is declared and can do nothing.

Catches:
    A role named in `allow`, in an approval, in a policy, in a trigger or as that of a call which the app does not
    declare; and a declared role that stands in none of them and in no expression.

Dangerous because:
    A role with a typo lets nobody in, or an approval that waits for it never ends. The role that was meant, and that
    nothing names any more, is the other half of the same mistake: people who have it are refused everywhere.

Avoid:
    roles:
      customer: Somebody who buys.
      clerk: {description: Staff., staff: true}
    # and in a tool
    allow: {clerc: all}

Prefer:
    roles:
      customer: Somebody who buys.
      clerk: {description: Staff., staff: true}
    # and in a tool
    allow: {clerk: all}

Cannot see:
    Whether anybody is ever given the role: that is the business of whoever issues the tokens. A role counts as used
    where an expression names it as a text (`'clerk' in principal.roles`). While a tool is wrong or a role unknown, it
    is not asked which roles are left over.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.nodes.typed import TypedTool
from writ.rules.rule import Rule
from writ.spec.resolved import Role, TypedExpression
from writ.values.syntax import Literal, walk


def check(app: AppFacts) -> Iterator[Found]:
    """Declared roles that nothing names."""
    tools = app.app.tools.values()
    named = {role for tool in tools for role in _named(tool)}
    named |= {role for tool in app.every_tool.values() for role in _named_in_flow(tool)}
    if not all(tool.whole for tool in tools) or named - app.app.roles.keys():
        return
    told = {text for tool in app.every_tool.values() for one in _expressions(tool) for text in _texts(one)}
    for role in app.app.roles.values():
        if role.name not in named | told:
            yield _unused(app, role)


def _named(tool: TypedTool) -> Iterator[str]:
    yield from tool.allow
    yield from tool.cron.roles if tool.cron else ()
    yield from tool.webhook.roles if tool.webhook else ()
    for policy in tool.approval_policies:
        yield from policy.roles


def _named_in_flow(tool: ToolFacts) -> Iterator[str]:
    for step in tool.graph.steps:
        if step.facts.approval is not None:
            yield from step.facts.approval.roles
        if step.facts.acts_as is not None:
            yield step.facts.acts_as


def _expressions(tool: ToolFacts) -> Iterator[TypedExpression]:
    yield from (policy.deny_when for policy in tool.tool.policies)
    yield from (policy.require_approval_when for policy in tool.tool.approval_policies)
    for step in tool.graph.steps:
        yield from (use.expression for use in step.facts.uses)


def _texts(expression: TypedExpression) -> Iterator[str]:
    if expression.tree is not None:
        for node in walk(expression.tree):
            if isinstance(node, Literal) and isinstance(node.value, str):
                yield node.value


def _unused(app: AppFacts, role: Role) -> Found:
    return Found(
        span=role.span,
        path=f"{app.app.name}.roles.{role.name}",
        message=f"the role `{role.name}` can do nothing: no tool, approval, policy or trigger names it",
        help=f"name `{role.name}` under `allow` of the tools it is for, or remove it",
        witness=(
            f"somebody with only the role `{role.name}` calls any tool of `{app.app.name}`",
            "no tool allows the role",
            "the call is refused: whoever was given the role cannot do what it is for",
        ),
    )


RULE = Rule(
    id="AUT006",
    name="unknown-role",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
    mistakes=frozenset({"unknown-role"}),
    consequence="nobody can ever have the role that is named here: who was meant is refused",
)
