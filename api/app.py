"""The API, put together. Everything it needs is given; nothing happens on import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from temporalio.client import Client

from activities.postgres import Pool
from api import refusals
from api.auth import TokenVerifier
from api.catalogue import ActiveReleases, Catalogue
from api.door import Door
from api.routes import description, health, runs, tools
from api.temporal_runs import TemporalRuns
from writ.registry import Registry

if TYPE_CHECKING:
    from settings import Settings


def create_app(
    *,
    settings: Settings,
    client: Client,
    pool: Pool,
    releases: ActiveReleases,
    registry: Registry,
    verifier: TokenVerifier,
) -> FastAPI:
    """The API over what is given. `client` and `pool` stay the caller's, who closes them after the last request."""
    app = FastAPI(title="Writ", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    temporal = TemporalRuns(client, settings.task_queue)
    catalogue = Catalogue(releases, registry)
    door = Door(
        temporal=temporal,
        pool=pool,
        answer_within_seconds=settings.answer_within_seconds,
        largest_body=settings.max_body_bytes,
    )
    refusals.install(app)
    health.add(app, pool=pool, temporal=temporal, releases=releases)
    description.add(app, catalogue=catalogue)
    runs.add(app, verifier=verifier, pool=pool, temporal=temporal)
    tools.add(app, verifier=verifier, catalogue=catalogue, door=door)
    return app
