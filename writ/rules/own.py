"""The rules of an app's own: policies with `design:`, asked of every fact of the kind they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from writ.findings import Confidence, Finding, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Edge, Step
from writ.graph.witness import way_to
from writ.nodes.typed import TypedTool
from writ.nodes.typed_terms import DesignRule
from writ.source import Span
from writ.spec.design_facts import DESIGN_FACTS
from writ.spec.resolved import Entity, EntityField
from writ.values import Boolean, Enumeration, EvaluationFailed, ListOf, Program


@dataclass(frozen=True, slots=True)
class _Fact:
    """What a rule is asked of: the value it sees, where that stands, and how a run comes there."""

    value: Mapping[str, Any]
    span: Span
    path: str
    witness: Callable[[], tuple[str, ...]]


def own_findings(app: AppFacts) -> Iterator[Finding]:
    """What the app's own rules find. A rule that cannot be computed is a red finding itself, whatever its level."""
    seen: dict[str, DesignRule] = {}
    for rule in app.app.design_rules:
        first = seen.setdefault(rule.id, rule)
        if first is rule:
            yield from _findings(app, rule)
        else:
            yield _broken(app, rule, f"a second rule has the id `{rule.id}`", f"the first is {first.span}")


def _findings(app: AppFacts, rule: DesignRule) -> Iterator[Finding]:
    try:
        program = Program.compile(rule.design.source, {rule.about: DESIGN_FACTS[rule.about]}, Boolean())
    except EvaluationFailed as error:
        yield _broken(app, rule, f"`{rule.id}` cannot be computed: {error.reason}", "mend its `design` expression")
        return
    for fact in _FACTS[rule.about](app):
        try:
            if program.evaluate({rule.about: _plain(fact.value)}) is True:
                yield _found(rule, fact)
        except EvaluationFailed as error:
            message = f"`{rule.id}` cannot be computed for `{fact.path}`: {error.reason}"
            yield _broken(app, rule, message, "mend its `design` expression")


def _plain(value: Any) -> Any:
    """A fact as JSON: names know where they stand, and expressions want nothing but text."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _found(rule: DesignRule, fact: _Fact) -> Finding:
    return Finding(
        rule=rule.id,
        name=rule.name,
        severity=Severity.harm if rule.level == "red" else Severity.risk,
        confidence=Confidence.certain,
        span=fact.span,
        path=fact.path,
        message=rule.message,
        help=rule.help or f"do what `{rule.name}` asks for, see {rule.span}",
        witness=(*fact.witness(), f"the app's own rule `{rule.name}` stands against it: {rule.description}"),
    )


def _broken(app: AppFacts, rule: DesignRule, message: str, help: str) -> Finding:
    end = f"nobody knows what `{rule.name}` would have found, so nothing passes"
    return Finding(
        rule=rule.id,
        name=rule.name,
        severity=Severity.harm,
        confidence=Confidence.certain,
        span=rule.design.span,
        path=f"{app.app.name}.{rule.name}",
        message=message,
        help=help,
        witness=(f"the app's own rule `{rule.name}` is asked", end),
        detail=message,
    )


def _tools(app: AppFacts) -> Iterator[_Fact]:
    for tool in app.tools:
        called = (f"somebody calls `{tool.name}`",)
        yield _Fact(_tool(tool), tool.tool.span, app.path(tool), partial(tuple, called))


def _tool(facts: ToolFacts) -> dict[str, Any]:
    tool, steps = facts.tool, [step.facts for step in facts.graph.steps]
    method, path = tool.http or ("", "")
    return {
        "name": tool.name,
        "description": tool.description,
        "allow": sorted(tool.allow),
        "own": sorted(role for role, rows in tool.allow.items() if rows == "own"),
        "public": tool.public,
        "conceal": tool.conceal,
        "version": tool.version,
        "idempotency": tool.idempotency,
        "triggers": _triggers(tool),
        "method": method,
        "path": path,
        "nodes": len(steps),
        "transactions": sum(step.kind == "transaction" for step in steps),
        "payments": sum(step.effect == "payment" for step in steps),
        "calls_outside": sum(step.outside is not None for step in steps),
        "writes": sorted({step.write.entity.name for step in steps if step.write and step.write.entity}),
        "reads": sorted({step.read.entity.name for step in steps if step.read}),
    }


def _triggers(tool: TypedTool) -> list[str]:
    there = {"http": tool.http, "cron": tool.cron, "webhook": tool.webhook, "agent": tool.agent}
    return [name for name, trigger in there.items() if trigger is not None]


def _entities(app: AppFacts) -> Iterator[_Fact]:
    for name, entity in sorted(app.app.entities.items()):
        kept = (f"rows of `{name}` are kept as it is written",)
        yield _Fact(_entity(entity), entity.span, f"{app.app.name}.{name}", partial(tuple, kept))


def _entity(entity: Entity) -> dict[str, Any]:
    return {
        "name": entity.name,
        "description": entity.description,
        "owner": entity.owner or "",
        "tenant": entity.tenant or "",
        "fields": [_field(field) for field in entity.fields.values() if not field.system],
        "states": list(entity.lifecycle.states) if entity.lifecycle else [],
        "invariants": [invariant.name for invariant in entity.invariants],
    }


def _field(field: EntityField) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": _type(field),
        "optional": field.optional,
        "personal": field.personal,
        "secret": field.secret,
        "immutable": field.immutable,
        "unique": field.unique,
    }


def _type(field: EntityField) -> str:
    """The author's word for the type of a field."""
    if field.references is not None:
        return "reference"
    if isinstance(field.type, Enumeration):
        return "enum"
    return "list" if isinstance(field.type, ListOf) else field.type.kind


def _nodes(app: AppFacts) -> Iterator[_Fact]:
    for tool, step in app.steps():
        yield _Fact(_node(tool, step), step.facts.span, app.path(tool, step), partial(way_to, tool.graph, step))


def _node(tool: ToolFacts, step: Step) -> dict[str, Any]:
    facts = step.facts
    touched = facts.write or facts.read
    entity = touched.entity if touched else None
    connector = facts.outside.connector if facts.outside else None
    operation = facts.outside.operation if facts.outside else None
    block = tool.graph.transaction_of(step)
    return {
        "tool": tool.name,
        "path": step.path,
        "name": facts.name,
        "kind": facts.kind,
        "effect": facts.effect,
        "entity": entity.name if entity else "",
        "connector": connector.name if connector else "",
        "operation": operation.name if operation else "",
        "transaction": block.facts.name if block else "",
    }


def _edges(app: AppFacts) -> Iterator[_Fact]:
    for tool in app.tools:
        for edge in tool.graph.edges:
            start, end = tool.graph.step_at(edge.start), tool.graph.step_at(edge.end)
            if start is not None and end is not None and start is not end:
                yield _edge(app, tool, start, end, edge)


def _edge(app: AppFacts, tool: ToolFacts, start: Step, end: Step, edge: Edge) -> _Fact:
    value = {"tool": tool.name, "from_node": start.path, "to_node": end.path, "why": edge.why}

    def way() -> tuple[str, ...]:
        return (*way_to(tool.graph, start), f"it goes on to `{end.facts.name}`")

    return _Fact(value, end.facts.span, app.path(tool, end), way)


_FACTS: Mapping[str, Callable[[AppFacts], Iterator[_Fact]]] = {
    "tool": _tools,
    "entity": _entities,
    "node": _nodes,
    "edge": _edges,
}
