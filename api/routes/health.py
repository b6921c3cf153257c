"""Whether this process lives, and whether it can work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from activities import runs
from activities.postgres import Pool
from api.answers import json_response
from api.catalogue import ActiveReleases
from api.refusals import RETRY_AFTER_SECONDS
from api.temporal_runs import TemporalRuns
from writ.effects import Failure


def add(app: FastAPI, *, pool: Pool, temporal: TemporalRuns, releases: ActiveReleases) -> None:
    """Have `app` say how it is; nobody needs a token for that, and nothing but names is said."""

    async def alive(_: Request) -> Response:
        return json_response({"status": "alive"})

    async def ready(_: Request) -> Response:
        reached = await asyncio.gather(_reached(runs.reach(pool)), _reached(temporal.reach()))
        found = dict(zip(("postgresql", "temporal"), reached, strict=True)) | {"release": bool(releases.apps())}
        missing = [name for name, there in found.items() if not there]
        if not missing:
            return json_response({"status": "ready", "missing": []})
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return json_response({"status": "not ready", "missing": missing}, 503, headers)

    app.add_route("/healthz", alive, methods=["GET"])
    app.add_route("/readyz", ready, methods=["GET"])


async def _reached(trying: Awaitable[None]) -> bool:
    try:
        await trying
    except Failure:
        return False
    return True
