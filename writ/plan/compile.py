"""The compiler: a checked app to a release. No path of it leads a call to the outside into a transaction."""

from __future__ import annotations

from writ.nodes.typed import TypedApp, TypedTool
from writ.plan.aggregates import invariant
from writ.plan.database_nodes import Database, database
from writ.plan.definition import definition
from writ.plan.failing import CannotCompile
from writ.plan.flow import FlowCompiler
from writ.plan.identifiers import table_name
from writ.plan.model import EntityPlan, HttpTrigger, Invariant, PolicyPlan, RefusalPlan, Release, ToolPlan
from writ.plan.personal import masked
from writ.plan.release import engines
from writ.plan.statement import compiled
from writ.plan.storable import storage_problems
from writ.problems import Problem, in_order
from writ.spec.resolved import Entity


def compile_app(app: TypedApp) -> Release | list[Problem]:
    """The release of an app, or every reason why there is none, in order of place."""
    problems = storage_problems(app)
    if problems:
        return in_order(problems)
    statements = database(app.name, app.entities)
    entities = {name: _entity(entity, statements, problems) for name, entity in sorted(app.entities.items())}
    tools = {name: _tool(tool, statements, problems) for name, tool in sorted(app.tools.items())}
    if problems:
        return in_order(problems)
    return Release(
        app=app.name,
        description=app.description,
        roles={name: role.description for name, role in sorted(app.roles.items())},
        engines=engines(),
        schema_name=app.name,
        entities=entities,
        tools=tools,
        definition=definition(app),
    )


def _entity(entity: Entity, statements: Database, problems: list[Problem]) -> EntityPlan:
    invariants: list[Invariant] = []
    for stated in sorted(entity.invariants, key=lambda stated: stated.name):
        try:
            invariants.append(invariant(entity, stated, statements.entities, statements.tables))
        except CannotCompile as stopped:
            problems.append(stopped.problem)
    return EntityPlan(entity=entity.name, table=table_name(entity.name), row=entity.row, invariants=tuple(invariants))


def _tool(tool: TypedTool, statements: Database, problems: list[Problem]) -> ToolPlan:
    flow = FlowCompiler(statements, tool.types, problems)
    return ToolPlan(
        tool=tool.name,
        description=tool.description,
        http=HttpTrigger.model_validate(dict(zip(("method", "path"), tool.http, strict=True))) if tool.http else None,
        allow=dict(sorted(tool.allow.items())),
        conceal=tool.conceal,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        input_type=tool.input_type,
        output_type=tool.output_type,
        types=dict(sorted(tool.types.items())),
        masked=masked(tool),
        policies=_policies(tool),
        refusals={
            code: RefusalPlan(status=status, message=text) for code, (status, text) in sorted(tool.refusals.items())
        },
        flow=flow.nodes(tool.flow),
    )


def _policies(tool: TypedTool) -> tuple[PolicyPlan, ...]:
    """Sorted by name: which of two policies denies must not depend on the order files were read in."""
    return tuple(
        PolicyPlan(name=it.name, deny_when=compiled(it.deny_when), status=it.status, message=it.message)
        for it in sorted(tool.policies, key=lambda policy: policy.name)
    )
