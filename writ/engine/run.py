"""The interpreter of a run: the fixed nine steps over a plan, asking for effects and doing nothing itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import assert_never

from writ.admission import Refused as NotAdmitted
from writ.admission import admit, names
from writ.effects import (
    Answer,
    Bug,
    Failure,
    Invocation,
    Outcome,
    RecordAudit,
    RunFacts,
    RunTransaction,
    Step,
    Traced,
    TransactionAnswer,
)
from writ.engine import answers
from writ.engine.record import Journal, Watch, answered, audit_record, broken, failed, refused
from writ.engine.templates import fill_or_refuse, holds_or_refuse
from writ.engine.transaction import chosen
from writ.plan.model import (
    FlowChoice,
    FlowNode,
    RefusePlan,
    RequirePlan,
    RespondPlan,
    Template,
    ToolPlan,
    TransactionPlan,
    TransformPlan,
)
from writ.program import ABSENT, LoadedRelease, ToolProgram
from writ.refusals import CANCELLED, Refused, refusal
from writ.values import Anything, Json, Mismatch, normalise, sort_keys

Perform = Callable[[RunTransaction | RecordAudit], Awaitable[Answer]]
"""Does what the interpreter asks of the world and returns the answer; raises Failure when the world broke."""

_STARTING_NAMES = frozenset({"principal", "now", "run"})


class _Cancelled(Exception):
    """The run was ended from outside, between two effects."""


def _unwatched(_steps: tuple[Step, ...]) -> None:
    pass


async def run(
    release: LoadedRelease,
    invocation: Invocation,
    perform: Perform,
    facts: RunFacts,
    watch: Watch = _unwatched,
) -> Outcome:
    """Run one call of one tool to its end, have its audit row written, and say how it ended.

    A refusal, a failure of the world, a cancellation and a bug are all outcomes, and all audited. `watch` is told of
    the steps as they are done. What `perform` raises when it is asked for the audit row goes through.
    """
    journal = Journal(watch)
    program = release.tools.get(invocation.tool) if release.release.app == invocation.app else None
    outcome = await _ending(release, program, invocation, perform, facts, journal)
    await _audit(program.plan if program else None, invocation, facts, journal, outcome, perform)
    return outcome


async def _audit(
    plan: ToolPlan | None, invocation: Invocation, facts: RunFacts, journal: Journal, outcome: Outcome, perform: Perform
) -> None:
    record = audit_record(plan, invocation, facts, journal, outcome)
    await perform(RecordAudit(record=record))
    journal.watch(record.steps)


async def _ending(
    release: LoadedRelease,
    program: ToolProgram | None,
    invocation: Invocation,
    perform: Perform,
    facts: RunFacts,
    journal: Journal,
) -> Outcome:
    try:
        if program is None:
            raise Refused(refusal("not_found", "validate", message="There is no such tool."))
        return await _Run(program, release.digest, invocation, perform, facts, journal).outcome()
    except Refused as refusing:
        return refused(refusing.refusal)
    except Failure as failure:
        return failed(failure)
    except _Cancelled:
        return broken(CANCELLED, "permanent")
    except Exception as bug:
        # A run that hits a bug must end and be audited; Temporal would otherwise retry it for ever. What others say of
        # theirs may hold values of the run.
        return broken(str(bug) if isinstance(bug, Bug) else type(bug).__name__)


class _Run:
    def __init__(
        self,
        program: ToolProgram,
        release: str,
        invocation: Invocation,
        perform: Perform,
        facts: RunFacts,
        journal: Journal,
    ) -> None:
        self._program = program
        self._release = release
        self._invocation = invocation
        self._perform = perform
        self._facts = facts
        self._journal = journal
        self._sees_all = False
        self._values: dict[str, Json] = {}

    async def outcome(self) -> Outcome:
        decision = admit(self._program, self._invocation, self._facts)
        self._journal.add(*decision.steps)
        if isinstance(decision, NotAdmitted):
            return refused(decision.refusal)
        self._sees_all = decision.sees_all
        self._values = names(decision.input, self._invocation.principal, self._facts)
        respond = await self._nodes(self._program.plan.flow)
        if respond is None:
            return answered(self._checked(None))
        return answered(self._checked(self._response(respond)))

    async def _nodes(self, nodes: Sequence[FlowNode]) -> RespondPlan | None:
        """Walk nodes in order; the respond node that ended the run, or None when they were all passed."""
        for node in nodes:
            if isinstance(node, RespondPlan):
                self._trace(node, "answered")
                return node
            try:
                found = await self._node(node)
            except Refused as refusing:
                self._trace(node, f"refused: {refusing.refusal.code}")
                raise
            if found is not None:
                return found
        return None

    async def _node(
        self, node: TransactionPlan | TransformPlan | RequirePlan | RefusePlan | FlowChoice
    ) -> RespondPlan | None:
        if isinstance(node, TransactionPlan):
            await self._transaction(node)
            return None
        if isinstance(node, FlowChoice):
            return await self._choice(node)
        if isinstance(node, TransformPlan):
            self._transform(node)
            return None
        if isinstance(node, RequirePlan):
            self._require(node)
            return None
        if isinstance(node, RefusePlan):
            raise Refused(refusal(node.refusal, node.name, self._program.plan.refusals))
        assert_never(node)

    async def _transaction(self, node: TransactionPlan) -> None:
        try:
            answer = await self._perform(self._effect(node))
        except Failure as failure:
            self._journal.add(*answers.not_done(node, failure.message))
            raise
        if not isinstance(answer, TransactionAnswer):
            raise Bug(f"transaction `{node.name}` was answered with `{type(answer).__name__}`")
        self._journal.trace.extend(answer.trace)
        self._journal.add(*answer.steps)
        if answer.failure is not None:
            raise Failure("permanent", answer.failure)
        if answer.refusal is not None:
            raise _Cancelled if answer.refusal.code == CANCELLED else Refused(answer.refusal)
        self._values.update(answer.values)

    def _effect(self, node: TransactionPlan) -> RunTransaction:
        needed = {name: self._values[name] for name in node.needs if name in self._values.keys() - _STARTING_NAMES}
        return RunTransaction(
            run=self._facts,
            release=self._release,
            tool=self._invocation.tool,
            node=node.name,
            principal=self._invocation.principal,
            sees_all=self._sees_all,
            values=needed,
        )

    def _transform(self, node: TransformPlan) -> None:
        value = fill_or_refuse(node.name, node.value, node.type, self._program.expressions, self._values)
        if value is not ABSENT:
            self._values[node.name] = value
        self._trace(node, "absent" if value is ABSENT else "computed")

    def _require(self, node: RequirePlan) -> None:
        if not holds_or_refuse(node.name, node.that, self._program.expressions, self._values):
            raise Refused(refusal(node.otherwise, node.name, self._program.plan.refusals))
        self._trace(node, "holds")

    async def _choice(self, node: FlowChoice) -> RespondPlan | None:
        for number, case in enumerate(node.cases, 1):
            if case.when is None or holds_or_refuse(node.name, case.when, self._program.expressions, self._values):
                self._trace(node, chosen(number, case.when is None))
                return await self._nodes(case.nodes)
        self._trace(node, "no case")
        return None

    def _response(self, node: RespondPlan) -> Json:
        value = self._filled(node.name, node.value)
        return None if value is ABSENT else value

    def _filled(self, name: str, template: Template) -> Json:
        return fill_or_refuse(name, template, Anything(), self._program.expressions, self._values)

    def _checked(self, response: Json) -> Json:
        """The response in canonical form; one that does not fit is a bug, no refusal: the caller did nothing wrong."""
        try:
            response = sort_keys(normalise(response, self._program.plan.output_type))
        except Mismatch as mismatch:
            raise Bug(f"the response does not fit the output schema: {mismatch}") from None
        violations = self._program.output_schema.violations(response)
        if violations:
            wrong = "; ".join(f"`{pointer}` {reason}" for pointer, reason in violations)
            raise Bug(f"the response does not fit the output schema: {wrong}")
        return response

    def _trace(self, node: FlowNode, result: str) -> None:
        if not isinstance(node, TransactionPlan):
            self._journal.trace.append(Traced(node=node.name, kind=node.kind, result=result))
