"""What a run does otherwise: where steps stand, what they compute and choose, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator

from writ.changes.change import Change, ToolPair, Versions
from writ.changes.expressions import same
from writ.changes.kinds import Kind
from writ.changes.steps import StepPair
from writ.graph.flow import Step
from writ.nodes.facts import Facts, Use
from writ.nodes.typed import TypedChoice, TypedEmit, TypedParallel, TypedRefuse, TypedWait
from writ.source import Span
from writ.spec.resolved import TypedExpression

_ADDED = {
    "answer": Kind.ENDING_ADDED,
    "refusal": Kind.ENDING_ADDED,
    "wait": Kind.WAIT_CHANGED,
    "emit": Kind.EVENT_CHANGED,
    "call": Kind.TOOL_CALL_CHANGED,
}
_REMOVED = {**_ADDED, "answer": Kind.ENDING_REMOVED, "refusal": Kind.ENDING_REMOVED}
_CHANGED = {
    "answer": Kind.ANSWER_CHANGED,
    "wait": Kind.WAIT_CHANGED,
    "emit": Kind.EVENT_CHANGED,
    "call": Kind.TOOL_CALL_CHANGED,
}
_TOLD_ELSEWHERE = frozenset({"read", "write", "external", "payment", "approval"})


def compare(versions: Versions) -> Iterator[Change]:
    """Every change of a flow that is not about rows, questions or the world outside; in new tools the calls with a role
    of their own.
    """
    for tool in versions.tools:
        if tool.steps is None:
            continue
        for step in tool.steps.gone:
            if _is_ours(step.facts):
                yield _removed(tool, step)
        for step in tool.steps.fresh:
            if _is_ours(step.facts):
                yield _added(tool, step)
            path = f"{tool.path}/{step.path}"
            yield from _acts_as(path, None, step.facts, (tool.spans("flow")[0], step.facts.span))
        for pair in tool.steps.pairs:
            yield from _place(tool, pair)
            path, places = f"{tool.path}/{pair.new.path}", (pair.old.facts.span, pair.new.facts.span)
            yield from _acts_as(path, pair.old.facts, pair.new.facts, places)
            if _is_ours(pair.new.facts):
                yield from _changed(tool, pair)
        yield from _order(tool)
    for name in sorted(versions.new.every_tool.keys() - versions.old.app.tools.keys()):
        for step in versions.new.every_tool[name].graph.steps:
            path, place = f"{versions.name}.{name}/{step.path}", versions.old.app.span
            yield from _acts_as(path, None, step.facts, (place, step.facts.span))


def _is_ours(facts: Facts) -> bool:
    return facts.effect not in _TOLD_ELSEWHERE and facts.kind != "require"


def _removed(tool: ToolPair, step: Step) -> Change:
    kind = _REMOVED.get(step.facts.effect, Kind.STEP_REMOVED)
    message = f"`{tool.new.name}` no longer has the step `{step.facts.kind}: {step.facts.name}`"
    return Change(kind, f"{tool.path}/{step.path}", message, step.facts.span, tool.spans("flow")[1])


def _added(tool: ToolPair, step: Step) -> Change:
    kind = _ADDED.get(step.facts.effect, Kind.STEP_ADDED)
    message = f"`{tool.new.name}` has a new step `{step.facts.kind}: {step.facts.name}`"
    return Change(kind, f"{tool.path}/{step.path}", message, tool.spans("flow")[0], step.facts.span)


def _place(tool: ToolPair, pair: StepPair) -> Iterator[Change]:
    places = pair.old.facts.span, pair.new.facts.span
    path, name = f"{tool.path}/{pair.new.path}", pair.new.facts.name
    if pair.how == "moved" and not _moved_along(tool, pair):
        message = f"`{name}` stands {_where(pair.new)}, and no longer {_where(pair.old)}"
        yield Change(Kind.STEP_MOVED, path, message, *places)
    elif pair.how == "renamed":
        yield Change(Kind.STEP_RENAMED, path, f"`{pair.old.facts.name}` is called `{name}` now", *places)


def _moved_along(tool: ToolPair, pair: StepPair) -> bool:
    """Whether what it stands in was itself moved or renamed: that is told, and once is enough."""
    if tool.facts is None or tool.steps is None:
        return False
    old, new = (facts.graph for facts in tool.facts)
    around = old.container(pair.old), new.container(pair.new)
    if pair.old.containers[-1:] and pair.new.containers[-1:]:
        same_list = pair.old.containers[-1][1] == pair.new.containers[-1][1]
        return same_list and any((one.old, one.new) == around for one in tool.steps.pairs)
    return False


def _where(step: Step) -> str:
    return f"in `{step.path.rpartition('/')[0]}`" if "/" in step.path else "in the flow itself"


def _order(tool: ToolPair) -> Iterator[Change]:
    """Steps that stay in their list and changed places with one that stays in it too."""
    if tool.steps is None:
        return
    latest: dict[object, StepPair] = {}
    for pair in sorted((one for one in tool.steps.pairs if one.how == "stays"), key=lambda one: one.new.index):
        around = pair.new.path.rpartition("/")[0], pair.new.containers[-1][1] if pair.new.containers else ""
        before = latest.get(around)
        if before is not None and pair.old.index < before.old.index:
            message = f"`{before.new.facts.name}` stands before `{pair.new.facts.name}`, and no longer behind it"
            places = before.old.facts.span, before.new.facts.span
            yield Change(Kind.STEP_MOVED, f"{tool.path}/{before.new.path}", message, *places)
        else:
            latest[around] = pair


def _acts_as(path: str, old: Facts | None, new: Facts, places: tuple[Span | None, Span]) -> Iterator[Change]:
    before = old.acts_as if old else None
    if before == new.acts_as:
        return
    if new.acts_as is None:
        message = f"`{new.name}` calls as the principal, and no longer as `{before}`"
        yield Change(Kind.ACTS_WITH_LESS, path, message, *places)
    else:
        message = f"`{new.name}` calls with the role `{new.acts_as}`, whoever the caller is"
        yield Change(Kind.ACTS_WITH_MORE, path, message, *places, "let it call as the principal")


def _changed(tool: ToolPair, pair: StepPair) -> Iterator[Change]:
    old, new = pair.old.facts, pair.new.facts
    before = {use.place: use for use in old.uses}
    after = {use.place: use for use in new.uses}
    kind = _CHANGED.get(new.effect, Kind.STEP_CHANGED)
    path = f"{tool.path}/{pair.new.path}"
    for place in sorted(before.keys() | after.keys()):
        if same(_expression(before.get(place))) != same(_expression(after.get(place))):
            spans = _span(before.get(place), old), _span(after.get(place), new)
            yield Change(kind, path, f"`{new.name}`: {_said(place, before.get(place), after.get(place))}", *spans)
    if _about(pair.old) != _about(pair.new):
        yield Change(kind, path, f"`{new.name}` does something else than before", old.span, new.span)


def _expression(use: Use | None) -> TypedExpression | None:
    return use.expression if use else None


def _span(use: Use | None, facts: Facts) -> Span:
    return use.expression.span if use else facts.span


def _said(place: str, old: Use | None, new: Use | None) -> str:
    sources = [" ".join(use.expression.source.split()) if use else "" for use in (old, new)]
    if new is None:
        return f"`{place}` is gone, which was `{sources[0]}`"
    return f"`{place}` is `{sources[1]}`" + (f", and no longer `{sources[0]}`" if old else "; it was not there")


def _about(step: Step) -> tuple[object, ...]:
    """What a step is about that is no expression."""
    node, facts = step.node, step.facts
    match node:
        case TypedRefuse():
            return (node.refusal,)
        case TypedWait():
            return (node.seconds,)
        case TypedParallel():
            return (node.at_most, tuple(branch.name for branch in node.branches))
        case TypedEmit():
            return (node.event, node.connector.name if node.connector else None)
        case TypedChoice():
            return (len(node.cases),)
    return (facts.calls,)
