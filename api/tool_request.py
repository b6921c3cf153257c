"""What a request to a tool says, apart from who sends it: the input and how it wants to be answered."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import Request

from api import address_input, request_body
from api.catalogue import CalledTool
from api.refusals import DoorRefused
from writ.values.wire import Json

WITHOUT_BODY = frozenset({"GET", "DELETE"})

_KEY = re.compile(r"[!-~]{1,255}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ToolRequest:
    """The input, the Idempotency-Key if there is one, and whether to answer before the run has ended."""

    input: Json
    key: str | None
    respond_async: bool


async def read(request: Request, called: CalledTool, largest_body: int) -> ToolRequest:
    """Read a request for a tool; DoorRefused (400, 413, 415, 422) where it cannot be understood."""
    return ToolRequest(
        input=await _input(request, called, largest_body),
        key=_key(request.headers.getlist("idempotency-key")),
        respond_async=_respond_async(request.headers.getlist("prefer")),
    )


async def _input(request: Request, called: CalledTool, largest_body: int) -> Json:
    schema = called.program.plan.input_schema
    body = await request_body.read(request, largest_body)
    query = address_input.values(address_input.query_texts(request.scope["query_string"]), schema)
    path = address_input.values({name: [text] for name, text in called.parameters.items()}, schema)
    if request.method in WITHOUT_BODY:
        if body:
            raise DoorRefused("body_not_taken")
        return address_input.joined(query, path)
    if query:
        message = "is not taken from the query; the input belongs into the body"
        raise DoorRefused("invalid_input", errors=tuple((address_input.pointer(name), message) for name in query))
    headers = request.headers
    given = request_body.parse(body, headers.get("content-type"), headers.get("content-encoding"))
    return address_input.joined(given, path)


def _key(given: list[str]) -> str | None:
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise DoorRefused("malformed_idempotency_key")
    return given[0]


def _respond_async(given: list[str]) -> bool:
    """RFC 7240: preferences that are not known are ignored."""
    preferences = (each.partition(";")[0].strip().lower() for line in given for each in line.split(","))
    return "respond-async" in preferences
