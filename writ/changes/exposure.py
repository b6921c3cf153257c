"""Personal and secret data that reaches somebody it did not reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from writ.changes.change import Change, Versions
from writ.changes.kinds import Kind
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.belonging import kept_to_principal
from writ.graph.flow import Step
from writ.graph.origins import Origin
from writ.graph.showing import shown
from writ.source import Span
from writ.spec.resolved import TypedExpression

_SENDS = frozenset({"send", "amount", "event", "address"})


@dataclass(frozen=True, slots=True, order=True)
class _Reached:
    """Who is given a field: a role over `all` or its `own` rows, everybody, or a service."""

    who: str
    scope: str
    name: str
    tool: str = field(compare=False)
    path: str = field(compare=False)
    span: Span = field(compare=False)


def compare(versions: Versions) -> Iterator[Change]:
    """Every field that is newly answered or sent. What counts as personal is what either version calls so: data that is
    only classified now was answered before.
    """
    classified = _classified(versions.old) | _classified(versions.new)
    before = set(_answered(versions.old, classified))
    for one in _once(_answered(versions.new, classified)):
        if one not in before and _Reached(one.who, "all", one.name, one.tool, one.path, one.span) not in before:
            yield _shown(versions, one)
    sent = set(_sent(versions.old, classified))
    for one in _once(_sent(versions.new, classified)):
        if one not in sent:
            message = f"`{one.tool}` sends `{one.name}` to `{one.who}`, which was not sent it"
            help = "leave it out, or send something that says nothing about a person"
            yield Change(Kind.DATA_SENT, one.path, message, _before(versions, one), one.span, help)


def _once(found: Iterator[_Reached]) -> list[_Reached]:
    """Each once, at the first tool where it is so."""
    return sorted({one: one for one in reversed(list(found))}.values())


def _shown(versions: Versions, one: _Reached) -> Change:
    place = _before(versions, one)
    if one.scope == "own":
        message = f"`{one.who}` is answered its own `{one.name}` by `{one.tool}`"
        return Change(Kind.OWN_DATA_SHOWN, one.path, message, place, one.span)
    whose = " of others" if one.who else ""
    message = f"`{one.who}` is answered `{one.name}`{whose} by `{one.tool}`"
    if not one.who:
        message = f"everybody is answered `{one.name}` by `{one.tool}`"
    return Change(Kind.DATA_SHOWN, one.path, message, place, one.span, "leave it out of the answer")


def _before(versions: Versions, one: _Reached) -> Span | None:
    tool = versions.old.app.tools.get(one.tool)
    return tool.span if tool else versions.spans[0]


def _classified(app: AppFacts) -> frozenset[str]:
    return frozenset(
        f"{entity.name}.{one.name}"
        for entity in app.app.entities.values()
        for one in entity.fields.values()
        if one.personal or one.secret
    )


def _answered(app: AppFacts, classified: frozenset[str]) -> Iterator[_Reached]:
    for tool, step, expression in _expressions(app, frozenset({"answer"})):
        for origin in _origins(tool, expression, classified):
            path = app.path(tool, step)
            owned = app.app.entities[origin.name.split(".")[0]].owner is not None
            kept = origin.step is not None and kept_to_principal(tool, tool.graph.steps[origin.step], "owner")
            for role, scope in sorted(tool.tool.allow.items()):
                its = "own" if kept or (scope == "own" and owned) else "all"
                yield _Reached(role, its, origin.name, tool.name, path, expression.span)
            if tool.tool.public:
                yield _Reached("", "all", origin.name, tool.name, path, expression.span)


def _sent(app: AppFacts, classified: frozenset[str]) -> Iterator[_Reached]:
    for tool, step, expression in _expressions(app, _SENDS):
        outside = step.facts.outside
        connector = outside.connector if outside else step.facts.receiver
        if outside is None and connector is None:
            continue
        who = connector.name if connector else "an address of its own"
        for origin in _origins(tool, expression, classified):
            yield _Reached(who, "", origin.name, tool.name, app.path(tool, step), expression.span)


def _expressions(app: AppFacts, purposes: frozenset[str]) -> Iterator[tuple[ToolFacts, Step, TypedExpression]]:
    for tool, step in app.steps():
        yield from ((tool, step, use.expression) for use in step.facts.uses if use.purpose in purposes)


def _origins(tool: ToolFacts, expression: TypedExpression, classified: frozenset[str]) -> list[Origin]:
    found = (it for it in shown(tool.data, expression) if it.kind == "row" and it.name in classified)
    return sorted(found, key=lambda it: it.name)
