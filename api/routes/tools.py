"""Tools: called at their own addresses or by name, and listed."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from api.address_input import segments
from api.answers import json_response
from api.auth import TokenVerifier
from api.catalogue import Catalogue
from api.door import Door
from api.refusals import DoorRefused
from writ.plan.model import ToolPlan

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def add(app: FastAPI, *, verifier: TokenVerifier, catalogue: Catalogue, door: Door) -> None:
    """Have `app` answer calls of tools. To be added last: it answers at every address that nobody else does."""

    async def by_name(request: Request) -> Response:
        principal = await verifier.principal_of(request)
        return await door.call(request, catalogue.by_name(request.path_params["name"]), principal)

    async def by_address(request: Request) -> Response:
        principal = await verifier.principal_of(request)
        _refuse_wrong_method_of_our_own(app, request)
        called = catalogue.by_address(request.method, segments(request.scope["raw_path"]))
        return await door.call(request, called, principal)

    async def listed(request: Request) -> Response:
        principal = await verifier.principal_of(request)
        roles = frozenset(principal.roles)
        tools = [
            _described(release.release.app, release.digest, plan)
            for release in catalogue.releases()
            for _, plan in sorted(release.release.tools.items())
            if roles & plan.allow.keys()
        ]
        return json_response({"tools": tools})

    # Plain routes: the framework's reading and checking of parameters would be a second, weaker door.
    app.add_route("/v1/tools", listed, methods=["GET"])
    app.add_route("/v1/tools/{name}", by_name, methods=["POST"])
    app.add_route("/{path:path}", by_address, methods=list(METHODS))


def _refuse_wrong_method_of_our_own(app: FastAPI, request: Request) -> None:
    """DoorRefused (405) where one of the API's own addresses was called with a method that it does not take."""
    for route in app.router.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is Match.PARTIAL:
            raise DoorRefused("method_not_allowed", headers={"Allow": ", ".join(sorted(route.methods or ()))})


def _described(app: str, release: str, plan: ToolPlan) -> dict[str, Any]:
    return {
        "name": f"{app}.{plan.tool}",
        "description": plan.description,
        "release": release,
        "method": plan.http.method if plan.http else "POST",
        "path": f"/{app}{plan.http.path}" if plan.http else f"/v1/tools/{app}.{plan.tool}",
        "input": plan.input_schema,
        "output": plan.output_schema,
    }
