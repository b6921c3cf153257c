"""The way of a call: from a verified principal and an addressed tool to a run and its answer.

A call without an Idempotency-Key is judged here first, so that a refusal costs no run. A call with a key is judged by
its run alone: two calls with one key, at different moments, must come to one decision.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from activities import idempotency, runs
from activities.audit import record_audit
from activities.postgres import Pool
from api import answers, refusals, tool_request
from api.catalogue import CalledTool
from api.refusals import DOOR, DoorRefused
from api.temporal_runs import TemporalRuns
from api.tool_request import ToolRequest
from writ.admission import Refused as NotAdmitted
from writ.admission import admit
from writ.digest import digest
from writ.effects import AuditRecord, Failure, Invocation, Outcome, Principal, Refusal, RunFacts, Step
from writ.engine.record import Journal, audit_record
from writ.engine.record import refused as refused_outcome
from writ.representable import unrepresentable
from writ.values.wire import timestamp

TRIGGER = "http"

_FRESH_SECONDS = 0.5
"""For how long PostgreSQL counts as reachable after it answered."""
_LOOK_SECONDS = 1.0
"""How often, while a run does not end, it is looked whether PostgreSQL is still there."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: who calls what, under which run id."""

    called: CalledTool
    principal: Principal
    facts: RunFacts

    def invocation(self, given: object, release: str | None = None) -> Invocation:
        """What the run is given, under the active release unless another one is said."""
        return Invocation(
            release=release or self.called.release.digest,
            app=self.called.app,
            tool=self.called.tool,
            input=given,
            principal=self.principal,
            trigger=TRIGGER,
        )


class Door:
    """Lets calls in, and sees that each that is turned away leaves its audit row."""

    def __init__(self, *, temporal: TemporalRuns, pool: Pool, answer_within_seconds: float, largest_body: int) -> None:
        self._temporal = temporal
        self._pool = pool
        self._answer_within = answer_within_seconds
        self._largest_body = largest_body
        self._reached_at = float("-inf")

    async def call(self, request: Request, called: CalledTool, principal: Principal) -> Response:
        """The response to a call of a tool by a principal."""
        call = Call(called, principal, RunFacts(id=str(uuid4()), now=timestamp(datetime.now(UTC))))
        try:
            asked = await tool_request.read(request, called, self._largest_body)
            if asked.key is not None and not unrepresentable(asked.input):
                return await self._with_key(call, asked, asked.key)
        except DoorRefused as refused:
            return await self._turned_away(call, refused)
        return await self._without_key(call, asked)

    async def _without_key(self, call: Call, asked: ToolRequest) -> Response:
        invocation = call.invocation(asked.input)
        decision = admit(call.called.program, invocation, call.facts)
        if isinstance(decision, NotAdmitted):
            await self._record(call, invocation, decision.refusal, decision.steps)
            return refusals.refused(decision.refusal, call.facts.id, _headers(call))
        await self._reach()
        await self._start(call.facts.id, call, invocation)
        return await self._answer(call.facts.id, asked, _headers(call))

    async def _with_key(self, call: Call, asked: ToolRequest, key: str) -> Response:
        use = idempotency.KeyUse(call.principal.subject, call.called.app, call.called.tool, key, digest(asked.input))
        claim = await idempotency.claim(self._pool, use, run=call.facts.id, release=call.called.release.digest)
        self._reached_at = time.monotonic()
        if claim.input_digest != use.input_digest:
            raise DoorRefused("idempotency_key_reused")
        headers = answers.call_headers(claim.run, claim.release, replayed=not claim.fresh)
        recorded = None if claim.fresh else await runs.find(self._pool, claim.run)
        if recorded is not None:
            return await self._again(recorded.record, headers, asked)
        # Not fresh and no row: it goes on, or whoever claimed the key died before the start. Starting mends that.
        await self._start(claim.run, call, call.invocation(asked.input, claim.release))
        return await self._answer(claim.run, asked, headers)

    async def _again(self, record: AuditRecord, headers: answers.Headers, asked: ToolRequest) -> Response:
        """The answer of a run that has ended, once more."""
        if asked.respond_async:
            return answers.accepted(record.run_id, headers)
        if record.refusal is not None:
            return refusals.refused(record.refusal, record.run_id, headers)
        outcome = await self._temporal.outcome(record.run_id)
        if outcome is not None:
            return _response(outcome, record.run_id, headers)
        if record.outcome == "failed":
            return refusals.failed("permanent", record.run_id, headers)
        raise DoorRefused("answer_expired", run=record.run_id, headers=headers)

    async def _start(self, run: str, call: Call, invocation: Invocation) -> None:
        try:
            await self._temporal.start(run, invocation, call.called.program.plan.description)
        except Failure as failure:
            headers = {"Location": answers.run_address(run)}
            raise DoorRefused("start_unknown", run=run, headers=headers) from failure

    async def _answer(self, run: str, asked: ToolRequest, headers: answers.Headers) -> Response:
        if asked.respond_async:
            return answers.accepted(run, headers)
        outcome = await self._outcome(run)
        if outcome is None:
            raise Failure("unknown", f"Temporal does not know run `{run}` that was just started")
        return _response(outcome, run, headers)

    async def _outcome(self, run: str) -> Outcome | None:
        waiting = asyncio.ensure_future(self._temporal.outcome(run))
        try:
            await self._wait(waiting, run)
            return waiting.result()
        except Failure as failure:
            if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
                return waiting.result()  # it ended while we looked for PostgreSQL
            raise _goes_on("run_waits", run) from failure
        finally:
            waiting.cancel()

    async def _wait(self, waiting: asyncio.Future[Outcome | None], run: str) -> None:
        """Until the run has ended; DoorRefused where that takes too long or cannot be expected."""
        until = time.monotonic() + self._answer_within
        while (left := until - time.monotonic()) > 0:
            if (await asyncio.wait({waiting}, timeout=min(_LOOK_SECONDS, left)))[0]:
                return
            await self._reach()
        if not waiting.done():
            raise _goes_on("answer_not_ready", run)

    async def _reach(self) -> None:
        """Failure where PostgreSQL does not answer: a run that cannot do its work is not started in the first place."""
        if time.monotonic() - self._reached_at > _FRESH_SECONDS:
            await runs.reach(self._pool)
            self._reached_at = time.monotonic()

    async def _turned_away(self, call: Call, refused: DoorRefused) -> Response:
        """A call that got no run of its own: it leaves a row, unless the "no" is ours and none of governance."""
        known = DOOR[refused.code]
        if refused.run is not None or known.status >= 500:
            raise refused
        refusal = Refusal(
            code=refused.code,
            status=known.status,
            message=refused.detail or known.message,
            source="validate",
            pointers=refused.errors,
        )
        step = Step(step="validate", outcome="refused", detail=refused.code)
        await self._record(call, call.invocation(None), refusal, (step,))
        return refusals.refused(refusal, call.facts.id, {**refused.headers, **_headers(call)})

    async def _record(self, call: Call, invocation: Invocation, refusal: Refusal, steps: tuple[Step, ...]) -> None:
        journal = Journal(_unwatched, list(steps))
        plan = call.called.program.plan
        record = audit_record(plan, invocation, call.facts, journal, refused_outcome(refusal))
        await record_audit(self._pool, record)


def _headers(call: Call) -> answers.Headers:
    return answers.call_headers(call.facts.id, call.called.release.digest)


def _response(outcome: Outcome, run: str, headers: answers.Headers) -> Response:
    if outcome.refusal is not None:
        return refusals.refused(outcome.refusal, run, headers)
    if outcome.outcome == "failed":
        return refusals.run_failed(outcome, run, headers)
    return answers.answered(outcome.response, headers)


def _goes_on(code: str, run: str) -> DoorRefused:
    return DoorRefused(code, run=run, headers={"Location": answers.run_address(run)})


def _unwatched(_steps: tuple[Step, ...]) -> None:
    pass
