"""The compiler: a checked app to a release. No path of it leads a call to the outside into a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from writ.acknowledgements import Acknowledged
from writ.findings import Colour
from writ.judgement import Judgement, catalogue_version, judge
from writ.nodes.typed import TypedApp, TypedTool
from writ.plan.aggregates import invariant
from writ.plan.database_nodes import Database, database
from writ.plan.definition import definition
from writ.plan.failing import CannotCompile
from writ.plan.flow import FlowCompiler
from writ.plan.identifiers import table_name
from writ.plan.model import (
    AcknowledgedFinding,
    EntityPlan,
    HttpTrigger,
    Invariant,
    PolicyPlan,
    RefusalPlan,
    Release,
    ReleaseCheck,
    ToolPlan,
)
from writ.plan.personal import masked
from writ.plan.refused import not_yet_documents, not_yet_runnable
from writ.plan.release import engines
from writ.plan.statement import compiled
from writ.plan.storable import storage_problems
from writ.problems import Problem, in_order
from writ.spec.resolved import Entity


@dataclass(frozen=True, slots=True)
class Compiled:
    """An app judged and, where it may run, compiled. `problems` are why it has no release, besides its findings and
    what this version cannot run yet (`not_yet`).
    """

    judgement: Judgement
    release: Release | None
    problems: tuple[Problem, ...]
    not_yet: tuple[Problem, ...] = ()


def compile_app(app: TypedApp, *, today: date | None = None) -> Release | list[Problem]:
    """The release of an app as it is judged on that day (None: no acknowledgement counts), or every reason why there is
    none, in order of place. A finding that stands in the way is a problem with its rule as code.
    """
    compiled = judge_and_compile(app, today=today)
    if compiled.release is not None:
        return compiled.release
    return in_order([*compiled.problems, *compiled.not_yet, *_in_the_way(compiled.judgement)])


def judge_and_compile(app: TypedApp, problems: Iterable[Problem] = (), *, today: date | None = None) -> Compiled:
    """Judge an app with its `problems` and compile it if it may run: the only way to a release."""
    judgement = judge(app, problems, today=today)
    not_yet = tuple(in_order(not_yet_runnable(app)))
    if judgement.unjudged and not judgement.problems and not judgement.open:
        return Compiled(judgement, None, tuple(_left_out(app.tools[name]) for name in judgement.unjudged), not_yet)
    if not judgement.deployable:
        return Compiled(judgement, None, judgement.problems, not_yet)
    if not_yet:
        return Compiled(judgement, None, (), not_yet)
    found = _release(app, _check(judgement))
    if isinstance(found, Release):
        return Compiled(judgement, found, ())
    return Compiled(judgement, None, tuple(found))


def _in_the_way(judgement: Judgement) -> Iterator[Problem]:
    return (Problem(one.rule, one.span, one.message, one.help) for one in judgement.open)


def _left_out(tool: TypedTool) -> Problem:
    return Problem("not-judged", tool.span, f"`{tool.name}` cannot be judged: a part of its flow was left out")


def _check(judgement: Judgement) -> ReleaseCheck:
    acknowledged = sorted(judgement.acknowledged, key=lambda one: one.finding.fingerprint)
    return ReleaseCheck(
        colour="yellow" if judgement.colour is Colour.yellow else "green",
        catalogue=catalogue_version(),
        acknowledged=tuple(_acknowledged(one) for one in acknowledged),
    )


def _acknowledged(one: Acknowledged) -> AcknowledgedFinding:
    finding, said = one.finding, one.acknowledgement
    return AcknowledgedFinding(
        rule=finding.rule,
        fingerprint=finding.fingerprint,
        path=finding.path,
        reason=said.reason,
        by=said.by,
        until=said.until,
    )


def _release(app: TypedApp, check: ReleaseCheck) -> Release | list[Problem]:
    problems = storage_problems(app)
    if problems:
        return in_order(problems)
    problems.extend(not_yet_documents(app))
    statements = database(app.name, app.entities)
    entities = {name: _entity(entity, statements, problems) for name, entity in sorted(app.entities.items())}
    tools = {name: _tool(tool, statements, problems) for name, tool in sorted(app.tools.items())}
    if problems:
        return in_order(problems)
    return Release(
        app=app.name,
        description=app.description,
        roles={name: role.description for name, role in sorted(app.roles.items())},
        check=check,
        encrypted_history=app.encrypted_history,
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
        version=tool.version,
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
