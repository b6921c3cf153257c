"""What the compiler makes no plan of: what cannot be run yet, and what must never be run, whoever has judged it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from writ.nodes.kinds import facts_of, inner
from writ.nodes.typed import (
    TypedApp,
    TypedApproval,
    TypedArchive,
    TypedCall,
    TypedCreate,
    TypedEach,
    TypedEmit,
    TypedErase,
    TypedHttp,
    TypedNode,
    TypedParallel,
    TypedPayment,
    TypedRead,
    TypedTool,
    TypedTransaction,
    TypedTransition,
    TypedUpdate,
    TypedWait,
)
from writ.problems import Problem
from writ.source import Span
from writ.spec.resolved import Assignment, Entity

_SEE_CHECK = "`writ check` says why"
_NOT_YET = (
    TypedHttp,
    TypedPayment,
    TypedApproval,
    TypedWait,
    TypedParallel,
    TypedCall,
    TypedEach,
    TypedEmit,
    TypedErase,
)
_Rows = TypedRead | TypedCreate | TypedUpdate | TypedTransition | TypedArchive


def not_yet(what: str, span: Span) -> Problem:
    """The problem of something that this version understands and cannot run; `what` in the author's words."""
    message = f"`{what}` cannot be run yet: this version of Writ checks it and does not execute it"
    return Problem("not-yet-runnable", span, message, "the app can be published once it does without this")


def not_yet_runnable(app: TypedApp) -> Iterator[Problem]:
    """Everything in an app that this version understands and judges, and does not execute."""
    yield from not_yet_documents(app)
    for _, tool in sorted(app.tools.items()):
        yield from _of_nodes(tool.flow)


def _of_nodes(nodes: Sequence[TypedNode]) -> Iterator[Problem]:
    for node in nodes:
        if isinstance(node, _NOT_YET):
            yield not_yet(facts_of(node).kind, node.span)
        for _, within in inner(node):
            yield from _of_nodes(within)


def not_yet_documents(app: TypedApp) -> Iterator[Problem]:
    """What an app's documents say that a run would not keep to."""
    if app.tokens is not None:
        yield not_yet("auth", app.tokens.span)
    for entity in app.entities.values():
        if entity.tenant is not None:
            yield not_yet("tenant", entity.span)
    for tool in app.tools.values():
        yield from _of_tool(tool)


def _of_tool(tool: TypedTool) -> Iterator[Problem]:
    for key, part in (("cron", tool.cron), ("webhook", tool.webhook), ("agent", tool.agent)):
        if part is not None:
            yield not_yet(key, part.span)
    if tool.rate_limit is not None:
        yield not_yet("rate_limit", tool.rate_limit.span)
    stated = {"public": tool.public, "idempotency": tool.idempotency != "optional"}
    for key in (key for key, said in stated.items() if said):
        yield not_yet(key, tool.spans.get(key, tool.span))
    if tool.approval_policies:
        yield not_yet("require_approval_when", tool.span)


def unsafe(message: str, span: Span) -> Problem:
    """The problem of something that a rule refuses, should no rule have seen it."""
    return Problem("unsafe", span, message, _SEE_CHECK)


def unsafe_transaction(node: TypedTransaction) -> Problem | None:
    """Why a transaction must not be run: it could hold its locks for ever."""
    for key, time in (("statement_timeout", node.statement_timeout_ms), ("timeout", node.timeout_ms)):
        if time <= 0:
            return unsafe(f"the transaction `{node.name}` has no `{key}`", node.span)
    return None


def unsafe_rows(node: _Rows) -> Problem | None:
    """Why a node must not touch rows: nobody said which or how many, or it writes what is not its author's to write."""
    if isinstance(node, TypedRead):
        unlimited = node.expect == "many" and node.limit is None
        return unsafe(f"`{node.name}` reads rows without a `limit`", node.span) if unlimited else None
    if isinstance(node, TypedCreate):
        if node.over is not None and node.max is None:
            return unsafe(f"`{node.name}` creates rows without a `max`", node.span)
        return _unsafe_set(node.set, node.entity, creating=True)
    if not node.where:
        return unsafe(f"`{node.name}` would touch every row of `{node.entity.name}`", node.span)
    return None if isinstance(node, TypedArchive) else _unsafe_set(node.set, node.entity, creating=False)


def _unsafe_set(assignments: Sequence[Assignment], entity: Entity, *, creating: bool) -> Problem | None:
    for assignment in assignments:
        field = assignment.field
        fixed = not creating and (field.immutable or field.name in (entity.owner, entity.tenant))
        if field.system or field.name == "state" or fixed:
            return unsafe(f"`{field.name}` of `{entity.name}` cannot be set here", assignment.span)
    return None
