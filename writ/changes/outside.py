"""Calls to the world outside: new ones, what they send, how they are repeated, and what undoes them."""

from __future__ import annotations

from collections.abc import Iterator

from writ.changes.change import Change, ToolPair, Versions
from writ.changes.expressions import same
from writ.changes.kinds import Kind
from writ.changes.limits import TIME, limited
from writ.changes.steps import StepPair
from writ.graph.flow import Step
from writ.nodes.facts import Outside, Use
from writ.nodes.typed import TypedPayment
from writ.nodes.typed_terms import CallPolicy, Compensation, RetryPolicy
from writ.source import Span
from writ.spec.resolved import TypedExpression

_Places = tuple[Span, Span]


def compare(versions: Versions) -> Iterator[Change]:
    """Every change of a call that a tool of both versions makes; in new tools the payments and calls themselves."""
    for tool in versions.tools:
        if tool.steps is None:
            continue
        for step in tool.steps.gone:
            yield from _removed(tool, step)
        for step in tool.steps.fresh:
            yield from _added(tool.path, tool.new.name, step, tool.spans("flow")[0])
        for pair in tool.steps.pairs:
            yield from _changed(tool, pair)
    for name in sorted(versions.new.every_tool.keys() - versions.old.app.tools.keys()):
        for step in versions.new.every_tool[name].graph.steps:
            yield from _added(f"{versions.name}.{name}", name, step, versions.old.app.span)


def _target(outside: Outside) -> str:
    connector = outside.connector.name if outside.connector else "an address of its own"
    operation = outside.payment or (outside.operation.name if outside.operation else "")
    return f"{connector}.{operation}" if operation else connector


def _removed(tool: ToolPair, step: Step) -> Iterator[Change]:
    if step.facts.outside is None:
        return
    kind = Kind.PAYMENT_REMOVED if step.facts.outside.payment else Kind.CALL_REMOVED
    message = f"`{tool.new.name}` no longer calls `{_target(step.facts.outside)}`"
    yield Change(kind, f"{tool.path}/{step.path}", message, step.facts.span, tool.spans("flow")[1])


def _added(path: str, tool: str, step: Step, before: Span | None) -> Iterator[Change]:
    if step.facts.outside is None:
        return
    kind = Kind.PAYMENT_ADDED if step.facts.outside.payment else Kind.CALL_ADDED
    message = f"`{tool}` calls `{_target(step.facts.outside)}`, which it did not"
    yield Change(kind, f"{path}/{step.path}", message, before, step.facts.span)


def _changed(tool: ToolPair, pair: StepPair) -> Iterator[Change]:
    old, new = pair.old.facts.outside, pair.new.facts.outside
    if old is None or new is None:
        return
    path, name = f"{tool.path}/{pair.new.path}", f"`{pair.new.facts.name}`"
    places = pair.old.facts.span, pair.new.facts.span
    if _target(old) != _target(new):
        message = f"{name} calls `{_target(new)}`, and no longer `{_target(old)}`"
        yield Change(Kind.CALL_RETARGETED, path, message, *places)
    yield from _policy(path, name, old.policy, new.policy, places)
    yield from _compensation(path, name, old, new, places)
    yield from _pivot(path, name, old, new, places)
    yield from _failing(path, name, pair, places)
    yield from _values(path, name, pair)


def _policy(path: str, name: str, old: CallPolicy, new: CallPolicy, places: _Places) -> Iterator[Change]:
    limits = (
        (f"the longest one attempt of {name} may take", old.start_to_close, new.start_to_close),
        (f"the longest all attempts of {name} may take", old.schedule_to_close, new.schedule_to_close),
    )
    for what, before, after in limits:
        yield from limited(TIME, path, what, (before, after), places)
    yield from _retry(path, name, old.retry, new.retry, places)


def _retry(path: str, name: str, old: RetryPolicy | None, new: RetryPolicy | None, places: _Places) -> Iterator[Change]:
    if new is None and old is not None:
        message = f"nothing says any more how {name} is repeated"
        yield Change(Kind.RETRY_REMOVED, path, message, old.span, places[1], "write its `retry` again")
    elif old is None and new is not None:
        yield Change(Kind.RETRY_ADDED, path, f"it is said how {name} is repeated", places[0], new.span)
    elif old is not None and new is not None:
        if new.max_attempts is None and old.max_attempts is not None:
            message = f"{name} is repeated without end; it was {old.max_attempts} times"
            help = f"write `max_attempts: {old.max_attempts}`"
            yield Change(Kind.RETRY_UNLIMITED, path, message, old.span, new.span, help)
        elif old.max_attempts is None and new.max_attempts is not None:
            message = f"{name} is tried {new.max_attempts} times, and no longer without end"
            yield Change(Kind.RETRY_LIMITED, path, message, old.span, new.span)
        elif _numbers(old) != _numbers(new):
            message = f"{name} is repeated in another way: at most {new.max_attempts or 'any number of'} attempts"
            yield Change(Kind.RETRY_CHANGED, path, message, old.span, new.span)


def _numbers(retry: RetryPolicy) -> tuple[object, ...]:
    return retry.max_attempts, retry.initial, retry.backoff, retry.longest, sorted(retry.not_on)


def _compensation(path: str, name: str, old: Outside, new: Outside, places: _Places) -> Iterator[Change]:
    before, after = old.compensation, new.compensation
    if before is not None and after is None:
        message = f"nothing undoes {name} any more when the run fails behind it"
        yield Change(Kind.COMPENSATION_REMOVED, path, message, before.span, places[1], "write its `compensate` again")
    elif before is None and after is not None:
        yield Change(Kind.COMPENSATION_ADDED, path, f"{name} is undone when the run fails", places[0], after.span)
    elif before is not None and after is not None:
        if _undoes(before) != _undoes(after):
            message = f"{name} is undone in another way than before"
            yield Change(Kind.COMPENSATION_CHANGED, path, message, before.span, after.span)
        spans = before.span, after.span
        yield from _policy(path, f"the compensation of {name}", before.policy, after.policy, spans)


def _undoes(compensation: Compensation) -> tuple[object, ...]:
    inputs = {place: same(expression) for place, expression in compensation.inputs.items()}
    entity = compensation.entity.name if compensation.entity else None
    return compensation.operation, entity, compensation.to, compensation.needs_own, inputs


def _pivot(path: str, name: str, old: Outside, new: Outside, places: _Places) -> Iterator[Change]:
    if old.pivot and not new.pivot:
        message = f"a run may turn back behind {name}, which was its point of no return"
        yield Change(Kind.PIVOT_REMOVED, path, message, *places, "write `pivot: true` again, or a `compensate`")
    elif new.pivot and not old.pivot:
        message = f"{name} is a point of no return: what was done before it is not undone any more"
        yield Change(Kind.PIVOT_ADDED, path, message, *places)


def _failing(path: str, name: str, pair: StepPair, places: _Places) -> Iterator[Change]:
    old, new = pair.old.facts.outside, pair.new.facts.outside
    if old is None or new is None:
        return
    asked = [("when it fails", old.failure_path, new.failure_path)]
    if isinstance(pair.old.node, TypedPayment) and isinstance(pair.new.node, TypedPayment):
        unknown = pair.old.node.on_unknown is not None, pair.new.node.on_unknown is not None
        asked.append(("when nobody knows whether it happened", *unknown))
    for when, before, after in asked:
        if before and not after:
            message = f"nothing says any more what {name} leads to {when}"
            yield Change(Kind.FAILURE_PATH_REMOVED, path, message, *places, "keep what was written for it")
        elif after and not before:
            yield Change(Kind.FAILURE_PATH_ADDED, path, f"it is said what {name} leads to {when}", *places)


_VALUES = {
    "amount": (Kind.AMOUNT_CHANGED, "moves another amount"),
    "key": (Kind.CALL_KEY_CHANGED, "is recognised by another key when it is repeated"),
    "address": (Kind.CALL_RETARGETED, "calls another address"),
    "reference": (Kind.SENT_CHANGED, "is about another payment"),
    "send": (Kind.SENT_CHANGED, "sends something else"),
    "bind": (Kind.FALLBACK_CHANGED, "leads to something else when it fails"),
}


def _values(path: str, name: str, pair: StepPair) -> Iterator[Change]:
    old, new = _uses(pair, pair.old), _uses(pair, pair.new)
    for place in sorted(old.keys() | new.keys()):
        before, after = old.get(place), new.get(place)
        if same(_value(before)) == same(_value(after)):
            continue
        use = after or before
        if use is None:
            continue
        kind, what = _VALUES[use.purpose]
        source = f"`{' '.join(after.expression.source.split())}`" if after else "gone"
        spans = (
            (before.expression.span if before else pair.old.facts.span),
            (after.expression.span if after else pair.new.facts.span),
        )
        yield Change(kind, path, f"{name} {what}: `{place}` is {source}", *spans)


def _uses(pair: StepPair, step: Step) -> dict[str, Use]:
    """What it gives to the call; what stands in for the answer only where both versions say what a failure leads to."""
    told = _VALUES.keys() if _both_go_on(pair) else _VALUES.keys() - {"bind"}
    return {use.place: use for use in step.facts.uses if use.purpose in told}


def _both_go_on(pair: StepPair) -> bool:
    outside = (pair.old.facts.outside, pair.new.facts.outside)
    return all(one is not None and one.failure_path for one in outside)


def _value(use: Use | None) -> TypedExpression | None:
    return use.expression if use else None
