"""Policies checked against every tool they apply to: `deny_when` over input, principal and now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from writ.nodes.typed import TypedPolicy, TypedTool
from writ.problems import Problem, did_you_mean
from writ.spec.documents import PolicyDocument
from writ.spec.expressions import Names, check_expression
from writ.values import Boolean, Timestamp, Unknown

_SEEN = ("input", "principal", "now")
_NAMED_AT_MOST = 3


def check_policies(
    policies: Mapping[str, PolicyDocument],
    tools: Mapping[str, TypedTool],
    broken: Collection[str],
    problems: list[Problem],
) -> dict[str, TypedTool]:
    """The tools with the policies that apply to them, in the order of the policies' names."""
    applied: dict[str, list[TypedPolicy]] = {name: [] for name in tools}
    for _, policy in sorted(policies.items()):
        problems.extend(_target_problems(policy, tools, broken))
        for name, typed in _checked(policy, tools, problems):
            applied[name].append(typed)
    return {name: replace(tool, policies=tuple(applied[name])) for name, tool in tools.items()}


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
    policy: PolicyDocument, tools: Mapping[str, TypedTool], problems: list[Problem]
) -> Iterator[tuple[str, TypedPolicy]]:
    """The policy as each tool has it. A mistake that several tools bring to light is one problem."""
    targets = [tool for tool in tools.values() if policy.applies_to is None or tool.name in policy.applies_to]
    found: dict[Problem, list[str]] = {}
    for tool in targets:
        mistakes: list[Problem] = []
        checked = check_expression(policy.deny_when, _names(tool), Boolean(), mistakes)
        for mistake in mistakes:
            same = next((known for known in found if replace(known, help=mistake.help) == mistake), mistake)
            found.setdefault(same, []).append(tool.name)
        if checked:
            yield tool.name, TypedPolicy(str(policy.policy), checked.typed, policy.status, policy.message)
    if not targets:
        check_expression(policy.deny_when, _names(None), Boolean(), problems)
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
