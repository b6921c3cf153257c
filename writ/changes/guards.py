"""What a run asks before it goes on: conditions, approvals, policies, and what is reached without them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from writ.changes.change import Change, ToolPair, Versions
from writ.changes.expressions import same, strength, strength_of_denial
from writ.changes.kinds import Kind
from writ.changes.steps import StepPair
from writ.graph.flow import FlowGraph, Step
from writ.nodes.typed import TypedApproval, TypedRequire
from writ.nodes.typed_terms import ApprovalPolicy, TypedPolicy
from writ.source import Span
from writ.spec.resolved import TypedExpression

_ASKS = frozenset({"require", "approval"})
_ACTS = frozenset({"write", "emit", "external", "payment", "call"})
_NAMED = 5
_BY_STRENGTH = {
    "weaker": (Kind.GUARD_WEAKENED, "asks for less than before"),
    "stronger": (Kind.GUARD_STRENGTHENED, "asks for more than before"),
    "other": (Kind.GUARD_CHANGED, "asks for something else than before"),
}
_POLICY_BY_STRENGTH = {
    "weaker": (Kind.POLICY_WEAKENED, "denies less than before"),
    "stronger": (Kind.POLICY_STRENGTHENED, "denies more than before"),
    "other": (Kind.POLICY_CHANGED, "denies something else than before"),
}


def compare(versions: Versions) -> Iterator[Change]:
    """Every change of what is asked."""
    yield from _policies(versions)
    for tool in versions.tools:
        if tool.steps is None:
            continue
        for step in tool.steps.gone:
            yield from _removed(tool, step)
        for step in tool.steps.fresh:
            yield from _added(tool, step)
        for pair in tool.steps.pairs:
            yield from _changed(tool, pair)
        yield from _bypassed(tool)


def _removed(tool: ToolPair, step: Step) -> Iterator[Change]:
    places = step.facts.span, tool.spans("flow")[1]
    path, name = f"{tool.path}/{step.path}", step.facts.name
    if isinstance(step.node, TypedRequire):
        message = f"`{tool.new.name}` no longer asks `{name}`: `{_line(step.node.that.source)}`"
        yield Change(Kind.GUARD_REMOVED, path, message, *places, f"keep `require: {name}`")
    elif isinstance(step.node, TypedApproval):
        message = f"nobody has to agree to `{tool.new.name}` any more: the approval `{name}` is gone"
        yield Change(Kind.APPROVAL_REMOVED, path, message, *places, f"keep `approval: {name}`")


def _added(tool: ToolPair, step: Step) -> Iterator[Change]:
    places = tool.spans("flow")[0], step.facts.span
    path, name = f"{tool.path}/{step.path}", step.facts.name
    if isinstance(step.node, TypedRequire):
        message = f"`{tool.new.name}` asks `{name}`: `{_line(step.node.that.source)}`"
        yield Change(Kind.GUARD_ADDED, path, message, *places)
    elif isinstance(step.node, TypedApproval):
        message = f"`{tool.new.name}` waits until somebody agrees: the approval `{name}`"
        yield Change(Kind.APPROVAL_ADDED, path, message, *places)


def _line(source: str) -> str:
    return " ".join(source.split())


def _changed(tool: ToolPair, pair: StepPair) -> Iterator[Change]:
    old, new = pair.old.node, pair.new.node
    path = f"{tool.path}/{pair.new.path}"
    if isinstance(old, TypedRequire) and isinstance(new, TypedRequire):
        found = strength(old.that, new.that)
        if found != "same":
            kind, what = _BY_STRENGTH[found]
            message = f"`{new.name}` {what}: `{_line(new.that.source)}`, and no longer `{_line(old.that.source)}`"
            help = "keep what it asked for" if found == "weaker" else ""
            yield Change(kind, path, message, old.that.span, new.that.span, help)
        yield from _refuses_as(path, old.otherwise, new.otherwise, pair)
    elif isinstance(old, TypedApproval) and isinstance(new, TypedApproval):
        yield from _approval(path, old, new)
        yield from _refuses_as(path, old.otherwise, new.otherwise, pair)


def _refuses_as(path: str, old: str, new: str, pair: StepPair) -> Iterator[Change]:
    if old != new:
        message = f"`{pair.new.facts.name}` refuses with `{new}`, and no longer with `{old}`"
        yield Change(Kind.REFUSAL_CHANGED, path, message, pair.old.facts.span, pair.new.facts.span)


def _approval(path: str, old: TypedApproval, new: TypedApproval) -> Iterator[Change]:
    places = old.span, new.span
    for what in _weaker(old, new):
        yield Change(Kind.APPROVAL_WEAKENED, path, f"`{new.name}`: {what}", *places, "keep it as strict as it was")
    for what in _weaker(new, old, reverse=True):
        yield Change(Kind.APPROVAL_STRENGTHENED, path, f"`{new.name}`: {what}", *places)
    changed = [key for key in old.of.keys() & new.of.keys() if same(old.of[key]) != same(new.of[key])]
    for key in sorted(changed):
        message = f"`{new.name}`: people agree to another `{key}`: `{_line(new.of[key].source)}`"
        yield Change(Kind.APPROVAL_CHANGED, path, message, old.of[key].span, new.of[key].span)
    if (old.within, old.on_timeout) != (new.within, new.on_timeout):
        message = f"`{new.name}`: people have another time to agree, or another thing happens when it is over"
        yield Change(Kind.APPROVAL_CHANGED, path, message, *places)


def _weaker(old: TypedApproval, new: TypedApproval, *, reverse: bool = False) -> Iterator[str]:
    """What makes the second easier to get than the first; told the other way round with `reverse`."""
    for role in sorted(set(new.roles) - set(old.roles)):
        yield f"`{role}` may {'no longer ' if reverse else ''}agree"
    if new.number < old.number:
        yield f"{old.number} people must agree" if reverse else f"{new.number} of the {old.number} people are enough"
    if old.requester_excluded and not new.requester_excluded:
        yield f"who asks may {'not ' if reverse else ''}agree"
    for key in sorted(old.of.keys() - new.of.keys()):
        yield f"people are {'' if reverse else 'no longer '}told `{key}`, and agree to it"


def _bypassed(tool: ToolPair) -> Iterator[Change]:
    """Steps that were only reached behind a question which both versions ask, and now are reached without it."""
    if tool.steps is None or tool.facts is None:
        return
    old, new = (facts.graph for facts in tool.facts)
    asked = [pair for pair in tool.steps.pairs if pair.new.facts.kind in _ASKS]
    acting = [pair for pair in tool.steps.pairs if pair.new.facts.effect in _ACTS]
    for one in asked:
        for step in acting:
            if _behind(old, one.old, step.old) and not _behind(new, one.new, step.new):
                name, guard = step.new.facts.name, one.new.facts.name
                message = f"`{name}` was only reached behind `{guard}`, and is now reached without it"
                places = step.old.facts.span, step.new.facts.span
                help = f"let `{guard}` stand before `{name}` on every way"
                yield Change(Kind.GUARD_BYPASSED, f"{tool.path}/{step.new.path}", message, *places, help)


def _behind(graph: FlowGraph, asked: Step, step: Step) -> bool:
    """Whether the step counts only where the question was asked: before it, or in its transaction, which rolls back."""
    together = asked.transaction is not None and asked.transaction == step.transaction
    if together and asked.containers[-1:] == ((asked.transaction, "nodes"),):
        return True
    return graph.always_before(asked, step)


def _policies(versions: Versions) -> Iterator[Change]:
    """What applies to tools of both versions, told once for each policy."""
    lost: dict[str, list[tuple[ToolPair, _Policy]]] = {}
    given: dict[str, list[tuple[ToolPair, _Policy]]] = {}
    for tool in versions.tools:
        old, new = (_by_name(one.policies, one.approval_policies) for one in (tool.old, tool.new))
        for name in sorted(old.keys() | new.keys()):
            if name not in new:
                lost.setdefault(name, []).append((tool, old[name]))
            elif name not in old:
                given.setdefault(name, []).append((tool, new[name]))
            else:
                yield from _policy(f"{versions.name}.policies.{name}", old[name], new[name])
    for name, found in sorted(lost.items()):
        message = f"the policy `{name}` no longer applies to {_named(found)}"
        help = f"keep the policy `{name}`, and its `applies_to`"
        places = _asked(found[0][1]).span, _still(versions, name)
        yield Change(Kind.POLICY_REMOVED, f"{versions.name}.policies.{name}", message, *places, help)
    for name, found in sorted(given.items()):
        message = f"the policy `{name}` applies to {_named(found)}"
        places = found[0][0].old.span, _asked(found[0][1]).span
        yield Change(Kind.POLICY_ADDED, f"{versions.name}.policies.{name}", message, *places)


def _still(versions: Versions, name: str) -> Span | None:
    """Where the new version has the policy, for other tools; else the app, which has it no longer."""
    for tool in versions.new.app.tools.values():
        policies = _by_name(tool.policies, tool.approval_policies)
        if name in policies:
            return _asked(policies[name]).span
    return versions.spans[1]


def _named(found: list[tuple[ToolPair, _Policy]]) -> str:
    names = [f"`{tool.new.name}`" for tool, _ in found]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


_Policy: TypeAlias = TypedPolicy | ApprovalPolicy


def _by_name(denying: tuple[TypedPolicy, ...], approving: tuple[ApprovalPolicy, ...]) -> Mapping[str, _Policy]:
    denials: dict[str, _Policy] = {policy.name: policy for policy in denying}
    return denials | {policy.name: policy for policy in approving}


def _asked(policy: _Policy) -> TypedExpression:
    return policy.deny_when if isinstance(policy, TypedPolicy) else policy.require_approval_when


def _policy(path: str, old: _Policy, new: _Policy) -> Iterator[Change]:
    before, after = _asked(old), _asked(new)
    places = before.span, after.span
    name, help = new.name, "keep the policy as strict as it was"
    if isinstance(old, TypedPolicy) and isinstance(new, ApprovalPolicy):
        message = f"what the policy `{name}` denied, people may agree to"
        yield Change(Kind.POLICY_WEAKENED, path, message, *places, help)
        return
    found = strength_of_denial(before, after)
    if found != "same":
        kind, what = _POLICY_BY_STRENGTH[found]
        message = f"the policy `{name}` {what}: `{_line(after.source)}`, and no longer `{_line(before.source)}`"
        yield Change(kind, path, message, *places, help if found == "weaker" else "")
    if isinstance(old, ApprovalPolicy) and isinstance(new, ApprovalPolicy):
        for role in sorted(set(new.roles) - set(old.roles)):
            yield Change(Kind.POLICY_WEAKENED, path, f"`{role}` may agree to what `{name}` asks about", *places, help)
        for role in sorted(set(old.roles) - set(new.roles)):
            message = f"`{role}` may no longer agree to what `{name}` asks about"
            yield Change(Kind.POLICY_STRENGTHENED, path, message, *places)
    elif isinstance(old, TypedPolicy) and isinstance(new, TypedPolicy):
        yield from _denial(path, old, new)


def _denial(path: str, old: TypedPolicy, new: TypedPolicy) -> Iterator[Change]:
    places = old.deny_when.span, new.deny_when.span
    if old.status != new.status:
        message = f"the policy `{new.name}` refuses with {new.status}, and no longer with {old.status}"
        yield Change(Kind.REFUSAL_CHANGED, path, message, *places)
    if old.message != new.message:
        yield Change(Kind.WORDING_CHANGED, path, f"what the policy `{new.name}` says reads otherwise", *places)
