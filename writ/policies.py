"""Policies checked against every tool they apply to: their condition over input, principal and now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from writ.nodes.typed import TypedTool
from writ.nodes.typed_terms import ApprovalPolicy, TypedPolicy
from writ.problems import Problem, did_you_mean
from writ.spec.documents import PolicyDocument
from writ.spec.expressions import Names, check_expression
from writ.spec.policy_forms import form_problems
from writ.spec.resolved import TypedExpression
from writ.spec.roles import role_problems
from writ.spec.shape import Expr
from writ.values import Boolean, Timestamp, Unknown

_SEEN = ("input", "principal", "now")
_NAMED_AT_MOST = 3


def check_policies(
    policies: Mapping[str, PolicyDocument],
    tools: Mapping[str, TypedTool],
    broken: Collection[str],
    roles: Collection[str] | None,
    problems: list[Problem],
) -> dict[str, TypedTool]:
    """The tools with the policies that apply to them, in the order of the policies' names. `roles` None: the app's
    document is broken.
    """
    applied = dict(tools)
    for _, policy in sorted(policies.items()):
        problems.extend(form_problems(policy))
        problems.extend(role_problems(policy.roles or (), roles))
        problems.extend(_target_problems(policy, tools, broken))
        for condition in filter(None, (policy.deny_when, policy.require_approval_when)):
            for name, typed in _checked(condition, policy, tools, problems):
                applied[name] = _with_policy(applied[name], policy, condition, typed)
    return applied


def _with_policy(tool: TypedTool, policy: PolicyDocument, condition: Expr, typed: TypedExpression) -> TypedTool:
    name = str(policy.policy)
    if condition is policy.deny_when:
        denial = TypedPolicy(name, typed, policy.status, policy.message or "")
        return replace(tool, policies=(*tool.policies, denial))
    approval = ApprovalPolicy(name, typed, tuple(str(role) for role in policy.roles or ()))
    return replace(tool, approval_policies=(*tool.approval_policies, approval))


def _target_problems(
    policy: PolicyDocument, tools: Mapping[str, TypedTool], broken: Collection[str]
) -> Iterator[Problem]:
    targets = policy.applies_to
    if targets == []:
        span = policy.marked.key_spans["applies_to"]
        yield Problem("no-tools", span, f"`{policy.policy}` applies to no tool", "leave it out to mean every tool")
    for place, name in enumerate(targets or ()):
        if name not in tools and name not in broken:
            yield Problem("unknown-tool", name.span, f"there is no tool `{name}`", did_you_mean(name, tools))
        elif name in (targets or ())[:place]:
            yield Problem("duplicate-value", name.span, f"`{name}` is listed twice", "keep one of the two")


def _checked(
    condition: Expr, policy: PolicyDocument, tools: Mapping[str, TypedTool], problems: list[Problem]
) -> Iterator[tuple[str, TypedExpression]]:
    """The condition as each tool has it. A mistake that several tools bring to light is one problem."""
    targets = [tool for tool in tools.values() if policy.applies_to is None or tool.name in policy.applies_to]
    found: dict[Problem, list[str]] = {}
    for tool in targets:
        mistakes: list[Problem] = []
        checked = check_expression(condition, _names(tool), Boolean(), mistakes)
        for mistake in mistakes:
            same = next((known for known in found if replace(known, help=mistake.help) == mistake), mistake)
            found.setdefault(same, []).append(tool.name)
        if checked:
            yield tool.name, checked.typed
    if not targets:
        check_expression(condition, _names(None), Boolean(), problems)
    problems.extend(replace(it, message=f"{it.message} ({_for(names)})") for it, names in found.items())


def _names(tool: TypedTool | None) -> Names:
    """What a policy sees at a tool; without one, a call of which only the form is known."""
    if tool is not None:
        return Names({name: tool.types[name] for name in _SEEN})
    return Names({"input": Unknown(), "principal": Unknown(), "now": Timestamp()})


def _for(tools: list[str]) -> str:
    named = ", ".join(f"`{name}`" for name in tools[:_NAMED_AT_MOST])
    more = f" and {len(tools) - _NAMED_AT_MOST} more" if len(tools) > _NAMED_AT_MOST else ""
    return f"for the {'tool' if len(tools) == 1 else 'tools'} {named}{more}"
