"""Policies checked against every tool they apply to: `deny_when` over input, principal and now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from writ.nodes.typed import TypedPolicy, TypedTool
from writ.problems import Problem, did_you_mean
from writ.spec.documents import PolicyDocument
from writ.spec.expressions import Names, check_expression
from writ.values import Boolean

_SEEN = ("input", "principal", "now")


def check_policies(
    policies: Mapping[str, PolicyDocument],
    tools: Mapping[str, TypedTool],
    broken: Iterable[str],
    problems: list[Problem],
) -> dict[str, TypedTool]:
    """The tools with the policies that apply to them, in the order of the policies' names."""
    for policy in policies.values():
        _check_targets(policy, tools, frozenset(broken), problems)
    return {name: replace(tool, policies=_of_tool(policies, tool, problems)) for name, tool in tools.items()}


def _check_targets(
    policy: PolicyDocument, tools: Mapping[str, TypedTool], broken: frozenset[str], problems: list[Problem]
) -> None:
    problems.extend(
        Problem("unknown-tool", name.span, f"there is no tool `{name}`", did_you_mean(name, tools))
        for name in policy.applies_to or ()
        if name not in tools and name not in broken
    )


def _of_tool(
    policies: Mapping[str, PolicyDocument], tool: TypedTool, problems: list[Problem]
) -> tuple[TypedPolicy, ...]:
    applied = (policies[name] for name in sorted(policies))
    typed = (_typed(policy, tool, problems) for policy in applied if _applies(policy, tool))
    return tuple(policy for policy in typed if policy)


def _applies(policy: PolicyDocument, tool: TypedTool) -> bool:
    return policy.applies_to is None or tool.name in policy.applies_to


def _typed(policy: PolicyDocument, tool: TypedTool, problems: list[Problem]) -> TypedPolicy | None:
    found: list[Problem] = []
    names = Names({name: tool.types[name] for name in _SEEN})
    checked = check_expression(policy.deny_when, names, Boolean(), found)
    problems.extend(replace(problem, message=f"{problem.message} (for the tool `{tool.name}`)") for problem in found)
    if checked is None:
        return None
    return TypedPolicy(str(policy.policy), checked.typed, policy.status, policy.message)
