"""The API of the hand-written workflows: the same kind of route, the same check of the token."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.auth import TokenVerifier
from benchmarks.rivals.messages import Booking, Result

Book = Callable[[Booking], Awaitable[Result]]


class Body(BaseModel):
    """The request."""

    model_config = ConfigDict(extra="forbid")

    slot: UUID
    reason: str | None = Field(default=None, max_length=500)


def create_app(verifier: TokenVerifier, book: Book, do_nothing: Callable[[], Awaitable[Any]]) -> FastAPI:
    """The API. `POST /empty` runs `do_nothing` and says how long that took, in milliseconds."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.post("/appointments")
    async def appointments(body: Body, request: Request) -> JSONResponse:
        principal = await verifier.principal_of(request)
        if "patient" not in principal.roles:
            raise HTTPException(403)
        booking = Booking(principal.subject, list(principal.roles), str(body.slot), body.reason)
        result = await book(booking)
        if result.refusal is not None:
            return JSONResponse({"code": result.refusal}, 409)
        return JSONResponse({"appointment": result.appointment, "starts_at": result.starts_at})

    @app.post("/empty")
    async def empty(request: Request) -> JSONResponse:
        await verifier.principal_of(request)
        began = time.monotonic_ns()
        await do_nothing()
        return JSONResponse({"milliseconds": (time.monotonic_ns() - began) / 1e6})

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "alive"})

    return app
