"""A compiled plan for people: nodes in the order they run, their SQL, and where each parameter comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import indent
from typing import assert_never

from writ.plan.model import (
    CreatePlan,
    DatabaseNode,
    EntityPlan,
    Expression,
    FlowChoice,
    FlowNode,
    Invariant,
    ListTemplate,
    MapTemplate,
    Parameter,
    PolicyPlan,
    ReadPlan,
    RefusePlan,
    Release,
    RequirePlan,
    RespondPlan,
    RowsParameter,
    SeesAllParameter,
    Statement,
    SubjectParameter,
    Template,
    ToolPlan,
    TransactionChoice,
    TransactionPlan,
    TransformPlan,
    TransitionPlan,
    ValueParameter,
    WhenParameter,
)

_STEP = "  "

Line = str


def tool_text(plan: ToolPlan, app: str) -> str:
    """The plan of one tool."""
    return "\n".join(_tool(plan, app)) + "\n"


def release_text(release: Release) -> str:
    """The plans of all tools, then what must hold for each entity."""
    parts = [tool_text(plan, release.app) for _, plan in sorted(release.tools.items())]
    parts += ["\n".join(_entity(each)) + "\n" for _, each in sorted(release.entities.items()) if each.invariants]
    return "\n".join(parts)


def _tool(plan: ToolPlan, app: str) -> Iterator[Line]:
    route = f"  {plan.http.method} /{app}{plan.http.path}" if plan.http else ""
    yield f"{app}.{plan.tool}{route}"
    yield f"{_STEP}{plan.description}"
    yield f"{_STEP}allow " + ", ".join(f"{role}: {scope}" for role, scope in sorted(plan.allow.items()))
    for policy in plan.policies:
        yield _STEP + _policy(policy)
    if plan.masked:
        yield f"{_STEP}masked in the audit record: {', '.join(plan.masked)}"
    for node in plan.flow:
        yield from _indented(_flow_node(node))


def _policy(policy: PolicyPlan) -> Line:
    return f"policy {policy.name}: refuse ({policy.status}) when {_cel(policy.deny_when)}"


def _flow_node(node: FlowNode) -> Iterator[Line]:
    match node:
        case TransactionPlan():
            yield from _transaction(node)
        case FlowChoice():
            yield from _cases(
                node.name, [(case.when, [_flow_node(each) for each in case.nodes]) for case in node.cases]
            )
        case RefusePlan():
            yield f"refuse {node.name}: {node.refusal}"
        case RespondPlan():
            yield f"respond {_template(node.value)}"
        case TransformPlan() | RequirePlan():
            yield _computed(node)
        case _:
            assert_never(node)


def _transaction(node: TransactionPlan) -> Iterator[Line]:
    isolation = node.isolation.replace("_", " ")
    yield f"transaction {node.name} ({isolation}; a statement {node.statement_timeout_ms} ms, all {node.timeout_ms} ms)"
    for each in node.nodes:
        yield from _indented(_database_node(each))


def _database_node(node: DatabaseNode) -> Iterator[Line]:
    match node:
        case TransactionChoice():
            yield from _cases(
                node.name, [(case.when, [_database_node(each) for each in case.nodes]) for case in node.cases]
            )
        case TransformPlan() | RequirePlan():
            yield _computed(node)
        case _:
            yield f"{node.kind} {node.name}: {node.summary}{_expected(node)}"
            yield from _indented(_statement(node.statement))
            if isinstance(node, CreatePlan) and node.over is not None:
                yield from _indented(_set_based(node))


def _expected(node: DatabaseNode) -> str:
    match node:
        case ReadPlan():
            return f", else {node.missing}" if node.expect == "one" else f" ({node.expect})"
        case CreatePlan() | TransactionChoice() | TransformPlan() | RequirePlan():
            return ""
        case _:
            least, most = node.rows_at_least, node.rows_at_most
            rows = f"{least} row{'s' if least != 1 else ''}" if least == most else f"{least} to {most} rows"
            wrong = f" or {node.wrong_state}" if isinstance(node, TransitionPlan) else ""
            return f" ({rows}, else {node.missing}{wrong})"


def _set_based(node: CreatePlan) -> Iterator[Line]:
    assert node.over is not None  # noqa: S101
    yield f"for each {node.item} of {_cel(node.over)}, at most {node.max}:"
    for column in node.columns:
        yield f"{_STEP}{column.column} = {_parameter(column.value)}"


def _cases(name: str, cases: Sequence[tuple[Expression | None, list[Iterator[Line]]]]) -> Iterator[Line]:
    yield f"choose {name}"
    for when, nodes in cases:
        yield _STEP + (f"when {_cel(when)}" if when else "otherwise")
        for node in nodes:
            yield from _indented(_indented(node))


def _computed(node: TransformPlan | RequirePlan) -> Line:
    if isinstance(node, RequirePlan):
        return f"require {node.name}: {_cel(node.that)}, else {node.otherwise}"
    return f"transform {node.name} = {_template(node.value)}"


def _statement(statement: Statement) -> Iterator[Line]:
    yield from statement.sql.splitlines()
    for number, parameter in enumerate(statement.parameters, start=1):
        yield f"{_STEP}${number} = {_parameter(parameter)}"


def _parameter(parameter: Parameter) -> str:
    match parameter:
        case ValueParameter():
            part = f", its {parameter.part}" if parameter.part else ""
            when = f", if {_cel(parameter.when)}" if parameter.when else ""
            return f"{_cel(parameter.value)}{part}{when}"
        case WhenParameter():
            return f"whether {_cel(parameter.when)}"
        case SubjectParameter():
            return "the caller's subject"
        case SeesAllParameter():
            return "whether the caller's roles give it all rows"
        case RowsParameter():
            return "the rows"
        case _:
            assert_never(parameter)


def _template(template: Template) -> str:
    match template:
        case Expression():
            return _cel(template)
        case MapTemplate():
            return "{" + ", ".join(f"{name}: {_template(each)}" for name, each in template.entries.items()) + "}"
        case ListTemplate():
            return "[" + ", ".join(map(_template, template.items)) + "]"
        case _:
            assert_never(template)


def _cel(expression: Expression) -> str:
    return " ".join(expression.cel.split())


def _entity(entity: EntityPlan) -> Iterator[Line]:
    yield f"{entity.entity}: what must hold when a transaction commits"
    for invariant in entity.invariants:
        yield from _indented(_invariant(invariant))


def _invariant(invariant: Invariant) -> Iterator[Line]:
    yield f"{invariant.name}: {_cel(invariant.that)}, else “{invariant.message}”"
    if invariant.kind == "aggregate":
        yield f"{_STEP}{invariant.figure} over {invariant.over}:"
        yield from _indented(_indented(_statement(invariant.statement)))


def _indented(lines: Iterator[Line]) -> Iterator[Line]:
    for line in lines:
        yield indent(line, _STEP)
