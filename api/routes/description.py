"""The description of the API, for machines and for people."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import Response

from api.answers import json_response
from api.catalogue import Catalogue

_DESCRIPTION = "/openapi.json"


def add(app: FastAPI, *, catalogue: Catalogue) -> None:
    """Have `app` describe what can be called now."""

    async def described(_: Request) -> Response:
        return json_response(catalogue.description())

    async def page(_: Request) -> Response:
        return get_swagger_ui_html(openapi_url=_DESCRIPTION, title="Writ")

    app.add_route(_DESCRIPTION, described, methods=["GET"])
    app.add_route("/docs", page, methods=["GET"])
