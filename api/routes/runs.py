"""Runs: how one stands or ended, and why. A caller sees its own; the role `auditor` sees all, without their answers."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any, TypeVar

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from activities import runs as recorded_runs
from activities.postgres import Pool
from activities.runs import RecordedRun
from api import run_filters
from api.answers import json_response
from api.auth import TokenVerifier
from api.refusals import DoorRefused
from api.run_filters import AUDITOR
from api.temporal_runs import StartedRun, TemporalRuns
from writ.effects import AuditRecord, Principal, Step

_Run = TypeVar("_Run", RecordedRun, StartedRun)
_RUN = re.compile(r"[!-~]{1,200}", re.ASCII)


def add(app: FastAPI, *, verifier: TokenVerifier, pool: Pool, temporal: TemporalRuns) -> None:
    """Have `app` answer questions about runs."""
    seen = _SeenRuns(pool, temporal)

    async def listed(request: Request) -> Response:
        principal = await verifier.principal_of(request)
        return json_response(await seen.recent(request.scope["query_string"], principal))

    async def shown(request: Request) -> Response:
        principal = await verifier.principal_of(request)
        return json_response(await seen.run(_id(request), principal))

    async def explained(request: Request) -> Response:
        principal = await verifier.principal_of(request)
        return json_response(await seen.why(_id(request), principal))

    app.add_route("/v1/runs", listed, methods=["GET"])
    app.add_route("/v1/runs/{run}", shown, methods=["GET"])
    app.add_route("/v1/runs/{run}/why", explained, methods=["GET"])


class _SeenRuns:
    def __init__(self, pool: Pool, temporal: TemporalRuns) -> None:
        self._pool = pool
        self._temporal = temporal

    async def recent(self, query: bytes, principal: Principal) -> dict[str, Any]:
        asked = run_filters.read(query, principal)
        found = await recorded_runs.recent(self._pool, **asdict(asked))
        answer: dict[str, Any] = {"runs": [{**_ended(run), "subject": run.record.subject} for run in found]}
        if len(found) == asked.limit:
            answer["before"] = found[-1].recorded_at
        return answer

    async def run(self, run: str, principal: Principal) -> dict[str, Any]:
        found = await self._find(run, principal)
        if isinstance(found, StartedRun):
            return _started(run, found)
        answer = _ended(found)
        if found.record.outcome == "answered" and found.record.subject == principal.subject:
            outcome = await self._temporal.outcome(run)
            if outcome is not None:
                answer["response"] = outcome.response
        return answer

    async def why(self, run: str, principal: Principal) -> dict[str, Any]:
        found = await self._find(run, principal)
        if isinstance(found, StartedRun):
            return {**_started(run, found), "steps": [], "trace": []}
        return _why(found, AUDITOR in principal.roles)

    async def _find(self, run: str, principal: Principal) -> RecordedRun | StartedRun:
        """The run, if the principal may see it; DoorRefused (404) else, as if there was none."""
        recorded = await recorded_runs.find(self._pool, run)
        if recorded is not None:
            return _if_seen(recorded, recorded.record.subject, principal)
        started = await self._temporal.find(run)
        if started is not None and not started.running:
            # It may have ended between the two questions.
            recorded = await recorded_runs.find(self._pool, run)
            if recorded is not None:
                return _if_seen(recorded, recorded.record.subject, principal)
        if started is None:
            raise DoorRefused("not_found")
        return _if_seen(started, started.invocation.principal.subject, principal)


def _if_seen(found: _Run, subject: str, principal: Principal) -> _Run:
    if principal.subject != subject and AUDITOR not in principal.roles:
        raise DoorRefused("not_found")
    return found


def _id(request: Request) -> str:
    run = str(request.path_params["run"])
    if not _RUN.fullmatch(run):
        raise DoorRefused("not_found")
    return run


def _started(run: str, started: StartedRun) -> dict[str, Any]:
    invocation = started.invocation
    return {
        "id": run,
        # Ended without a row: somebody ended it from outside, with Temporal's own means.
        "status": "running" if started.running else "failed",
        "app": invocation.app,
        "tool": invocation.tool,
        "release": invocation.release,
        "trigger": invocation.trigger,
        "started_at": started.started_at,
        "ended_at": None,
    }


def _ended(run: RecordedRun) -> dict[str, Any]:
    record = run.record
    answer: dict[str, Any] = {
        "id": record.run_id,
        "status": record.outcome,
        "app": record.app,
        "tool": record.tool,
        "release": record.release,
        "trigger": record.trigger,
        "started_at": record.started_at,
        "ended_at": run.recorded_at,
    }
    if record.refusal is not None:
        answer["refusal"] = _refusal(record)
    return answer


def _refusal(record: AuditRecord) -> dict[str, Any] | None:
    refusal = record.refusal
    if refusal is None:
        return None
    errors = [{"pointer": pointer, "message": message} for pointer, message in refusal.pointers]
    return {
        "code": refusal.code,
        "status": refusal.status,
        "message": refusal.message,
        "source": refusal.source,
        "errors": errors,
    }


def _why(run: RecordedRun, everything: bool) -> dict[str, Any]:
    record = run.record
    answer = {
        **_ended(run),
        "subject": record.subject,
        "roles": list(record.roles),
        "steps": [_step(step, everything) for step in record.steps],
        "trace": [traced.model_dump() for traced in record.trace],
        "input": record.input,
        "input_digest": record.input_digest,
        "output_digest": record.output_digest,
    }
    if everything and record.failure is not None:
        answer["failure"] = record.failure
    return answer


def _step(step: Step, everything: bool) -> dict[str, Any]:
    """What broke inside is for auditors only; a caller learns that something did."""
    shown = step.model_dump()
    return shown if everything or step.outcome != "failed" else {**shown, "detail": None}
