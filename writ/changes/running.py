"""Runs that began under the old version: they finish on its plans, and some may wait for a long time."""

from __future__ import annotations

from collections.abc import Iterator

from writ.changes.change import Change, Versions
from writ.changes.kinds import Kind
from writ.graph.addresses import host_of
from writ.graph.app import ToolFacts
from writ.graph.flow import Step
from writ.nodes.facts import Facts
from writ.source import Span
from writ.spec.resolved import Entity

LONG_SECONDS = 60.0
"""A run that may take longer than this is likely to be there while a version is published."""

_PEOPLE = frozenset({"approval", "wait"})


def compare(versions: Versions, paths: frozenset[str]) -> Iterator[Change]:
    """Every change that matters to a run which may still wait when the new version is published; `paths` are those of
    everything else that changed.
    """
    for name, tool in versions.old.every_tool.items():
        waiting = [step for step in tool.graph.steps if _waits(step.facts)]
        if not waiting:
            continue
        path = f"{versions.name}.{name}"
        yield from _tool(versions, path, tool, waiting, paths)
        yield from _approvers(versions, path, waiting)
        yield from _services(versions, path, tool)
        yield from _data(versions, path, tool, waiting)


def _waits(facts: Facts) -> bool:
    if facts.effect in _PEOPLE:
        return True
    policies = [facts.outside.policy] if facts.outside else []
    if facts.outside is not None and facts.outside.compensation is not None:
        policies.append(facts.outside.compensation.policy)
    return any(one.schedule_to_close is None or one.schedule_to_close > LONG_SECONDS for one in policies)


def _tool(
    versions: Versions, path: str, tool: ToolFacts, waiting: list[Step], paths: frozenset[str]
) -> Iterator[Change]:
    new = versions.new.app.tools.get(tool.name)
    names = ", ".join(f"`{step.facts.name}`" for step in waiting)
    if new is None:
        message = f"runs of `{tool.name}`, which is gone, may still wait at {names}: they finish as they began"
        help = "wait until they have ended, or keep what they need"
        yield Change(Kind.RUNS_OUTLIVE_TOOL, path, message, tool.tool.span, versions.spans[1], help)
        return
    if any(changed == path or changed.startswith(f"{path}/") for changed in paths):
        message = f"runs of `{tool.name}` that wait at {names} finish as they began, without what changed"
        yield Change(Kind.RUNS_KEEP_PLAN, path, message, tool.tool.span, new.span)


def _approvers(versions: Versions, path: str, waiting: list[Step]) -> Iterator[Change]:
    for step in waiting:
        approval = step.facts.approval
        if approval is None or not approval.roles:
            continue
        missing = [role for role in approval.roles if role not in versions.new.app.roles]
        if len(missing) == len(approval.roles):
            roles = " or ".join(f"`{role}`" for role in missing)
            message = f"runs that wait at `{step.facts.name}` need {roles}, whom the app no longer knows"
            help = "keep the role until nothing waits for it"
            place = versions.new.app.span
            yield Change(Kind.RUNS_LOSE_APPROVERS, f"{path}/{step.path}", message, step.facts.span, place, help)


def _services(versions: Versions, path: str, tool: ToolFacts) -> Iterator[Change]:
    for step in tool.graph.steps:
        old = step.facts.outside.connector if step.facts.outside else None
        if old is None:
            continue
        new = versions.new.app.connectors.get(old.name)
        if new is None or host_of(new.base_url) != host_of(old.base_url):
            message = f"runs that wait may still call `{old.name}` at `{old.base_url}`"
            help = "keep the service and its credential until they have ended"
            after = new.span if new else versions.spans[1]
            yield Change(Kind.RUNS_LOSE_SERVICE, f"{path}/{step.path}", message, step.facts.span, after, help)


def _data(versions: Versions, path: str, tool: ToolFacts, waiting: list[Step]) -> Iterator[Change]:
    """What steps behind a waiting one use of rows that the new version no longer has."""
    for step in tool.graph.steps:
        if not any(tool.graph.can_follow(one, step) for one in waiting):
            continue
        for entity, fields, states in _used(step):
            yield from _missing(versions, f"{path}/{step.path}", step, entity, fields, states)


_Used = tuple[Entity, frozenset[str], frozenset[str]]


def _used(step: Step) -> Iterator[_Used]:
    facts = step.facts
    if facts.write is not None and facts.write.entity is not None:
        fields = {use.field.name for use in facts.uses if use.field is not None}
        yield facts.write.entity, frozenset(fields), frozenset([facts.write.to] if facts.write.to else [])
    if facts.read is not None:
        yield facts.read.entity, frozenset(use.field.name for use in facts.uses if use.field is not None), _NONE
    undoing = facts.outside.compensation if facts.outside else None
    if undoing is not None and undoing.entity is not None:
        yield undoing.entity, _NONE, frozenset([undoing.to] if undoing.to else [])


_NONE: frozenset[str] = frozenset()


def _missing(
    versions: Versions, path: str, step: Step, old: Entity, fields: frozenset[str], states: frozenset[str]
) -> Iterator[Change]:
    new = versions.new.app.entities.get(old.name)
    name, place = step.facts.name, step.facts.span
    if new is None:
        message = f"runs that wait still do `{name}` with `{old.name}`, which is gone"
        help = "keep the entity until they have ended"
        yield Change(Kind.RUNS_LOSE_ROWS, path, message, place, versions.spans[1], help)
        return
    known = new.lifecycle.states if new.lifecycle else ()
    for state in sorted(states - set(known)):
        message = f"runs that wait still move rows of `{old.name}` to `{state}`, which is gone"
        help = f"keep `{state}`, with a way out, until they have ended"
        yield Change(Kind.RUNS_LOSE_ROWS, path, message, place, new.span, help)
    yield from _lost_fields(path, name, place, new, fields)


def _lost_fields(path: str, name: str, place: Span, new: Entity, fields: frozenset[str]) -> Iterator[Change]:
    for field in sorted(fields - new.fields.keys()):
        message = f"runs that wait still use `{new.name}.{field}` in `{name}`, which is gone"
        help = "keep the field until they have ended"
        yield Change(Kind.RUNS_LOSE_FIELD, path, message, place, new.span, help)
