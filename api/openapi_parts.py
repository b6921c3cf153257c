"""The parts of the OpenAPI description that are the same for every tool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.openapi_schemas import ref
from api.problem_json import MEDIA_TYPE, title
from api.refusals import DOOR
from api.run_filters import FILTERS
from writ.refusals import REFUSALS

Document = dict[str, Any]

_TEXT: Document = {"type": "string"}
_TIME: Document = {"type": "string", "format": "date-time"}
_SHOWN = ("id", "status", "app", "tool", "release", "trigger", "started_at", "ended_at")
_OF_BODIES = (
    "not_json",
    "duplicate_key",
    "nested_too_deep",
    "body_incomplete",
    "body_too_large",
    "unsupported_media_type",
)
_OF_CALLS = ("malformed_address", "malformed_idempotency_key", "idempotency_key_reused", "answer_expired")


def own_tags() -> list[Document]:
    """The tags of the API's own addresses."""
    return [
        {"name": "runs", "description": "What became of a call."},
        {"name": "tools", "description": "What can be called."},
        {"name": "health", "description": "Whether this process lives and can work."},
    ]


def own_paths() -> Document:
    """The API's own addresses."""
    run = {"name": "run", "in": "path", "required": True, "schema": {"type": "string"}}
    listed = _own("listRuns", "runs", "The latest runs that have ended, newest first.", "Runs")
    listed["responses"].update({"400": _problems(_door("malformed_address")), "422": _problems(_door("invalid_input"))})
    return {
        "/v1/tools": {"get": _own("listTools", "tools", "The tools the caller may use.", "Tools")},
        "/v1/runs": {"get": {**listed, "parameters": _filters()}},
        "/v1/runs/{run}": {
            "parameters": [run],
            "get": _own("getRun", "runs", "How a run stands or ended.", "Run", 404),
        },
        "/v1/runs/{run}/why": {
            "parameters": [run],
            "get": _own("explainRun", "runs", "Why a run ended as it did: the nine steps and the nodes.", "Why", 404),
        },
        "/healthz": {"get": _health("isAlive", "This process lives.")},
        "/readyz": {"get": _health("isReady", "This process can work; 503 names what is missing.", ready=True)},
    }


def own_schemas() -> Document:
    """The schemas of the API's own answers."""
    refusal = {"type": "object", "required": ["code", "message"], "properties": {"code": _TEXT, "message": _TEXT}}
    run: Document = {
        "id": _TEXT,
        "status": {"enum": ["running", "answered", "refused", "failed"]},
        "app": _TEXT,
        "tool": _TEXT,
        "release": _TEXT,
        "trigger": _TEXT,
        "started_at": _TIME,
        "ended_at": {"type": ["string", "null"], "format": "date-time"},
        "refusal": refusal,
    }
    step = {"step": _TEXT, "outcome": _TEXT, "transaction": {"type": ["string", "null"]}, "detail": {}}
    node = {"node": _TEXT, "kind": _TEXT, "result": _TEXT}
    problem = {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "code": _TEXT,
        "run": _TEXT,
    }
    error = _object({"pointer": _TEXT, "message": _TEXT}, "pointer", "message")
    tool = {"name": _TEXT, "description": _TEXT, "release": _TEXT, "input": {"type": "object"}}
    return {
        "Problem": _object({**problem, "errors": _list(error)}, "type", "title", "status", "detail", "code"),
        "Runs": _object(
            {"runs": _list(_object({**run, "subject": _TEXT}, *_SHOWN, "subject")), "before": _TIME}, "runs"
        ),
        "Run": _object({**run, "response": {}}, *_SHOWN),
        "Why": _object({**run, "steps": _list(_object(step)), "trace": _list(_object(node))}, "id", "status", "steps"),
        "Tools": _object({"tools": _list(_object(tool, "name"))}, "tools"),
        "Health": _object({"status": _TEXT, "missing": _list(_TEXT)}, "status"),
        "Accepted": _object({"id": _TEXT, "status": {"const": "running"}}, "id", "status"),
    }


def own_headers() -> Document:
    """Headers of answers."""
    return {
        "Writ-Run": {"description": "The id of the run.", "schema": _TEXT},
        "Writ-Release": {"description": "The digest of the release that decided.", "schema": _TEXT},
        "Idempotent-Replayed": {"description": "`true`: the answer of an earlier call.", "schema": _TEXT},
    }


def own_parameters() -> Document:
    """Headers every call may carry."""
    return {
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same key and input: the same run and the same answer, however often it is sent.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        },
        "Prefer": {
            "name": "Prefer",
            "in": "header",
            "description": "`respond-async`: answer 202 at once, with the address of the run.",
            "schema": _TEXT,
        },
    }


def own_responses() -> Document:
    """Answers that are the same everywhere."""
    return {
        "Unauthenticated": _problems(_door("unauthenticated")),
        "NotFound": _problems(_door("not_found")),
        "Accepted": {
            "description": "The run goes on; `Location` says where to ask for it.",
            "headers": {"Location": {"schema": _TEXT}, **answer_headers()},
            "content": {"application/json": {"schema": ref("Accepted")}},
        },
        "Bug": _problems(_door("bug")),
        "BadGateway": _problems([(502, "failed_permanent", "Something this run needs answered badly.")]),
        "Unavailable": _problems(
            [
                (503, "failed_retryable", "Nothing was kept; try again."),
                *_door("unavailable", "run_waits", "start_unknown"),
            ]
        ),
        "Unknown": _problems([(504, "failed_unknown", "The effect is unknown."), *_door("answer_not_ready")]),
    }


def answer_headers() -> Document:
    """References to the headers of an answer."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in own_headers()}


def call_parameters() -> list[Document]:
    """References to the headers every call may carry."""
    return [{"$ref": f"#/components/parameters/{name}"} for name in own_parameters()]


def call_responses(refusals: Iterable[tuple[int, str, str]], *, body: bool) -> Document:
    """Every "no" a call can get, by status: the tool's own `refusals` (status, code, message) and everybody's."""
    everybody = [(known.status, code, known.message) for code, known in REFUSALS.items()]
    by_status: dict[int, list[tuple[int, str, str]]] = {}
    for each in (*refusals, *everybody, *_door(*_OF_CALLS), *_door(*(_OF_BODIES if body else ("body_not_taken",)))):
        by_status.setdefault(each[0], []).append(each)
    named = {"202": "Accepted", "401": "Unauthenticated", "500": "Bug", "502": "BadGateway", "503": "Unavailable"}
    fixed = {status: _response_ref(name) for status, name in {**named, "504": "Unknown"}.items()}
    return {**fixed, **{str(status): _problems(found) for status, found in sorted(by_status.items())}}


def _filters() -> list[Document]:
    return [{"name": name, "in": "query", **_described(schema)} for name, schema in FILTERS.items()]


def _described(schema: Document) -> Document:
    return {
        "description": schema["description"],
        "schema": {word: value for word, value in schema.items() if word != "description"},
    }


def _own(identity: str, tag: str, summary: str, answer: str, *more: int) -> Document:
    ok = {"description": summary, "content": {"application/json": {"schema": ref(answer)}}}
    responses = {"200": ok, "401": _response_ref("Unauthenticated"), "503": _response_ref("Unavailable")}
    responses.update({str(status): _response_ref("NotFound") for status in more})
    return {"operationId": identity, "tags": [tag], "summary": summary, "responses": responses}


def _health(identity: str, summary: str, *, ready: bool = False) -> Document:
    answer = {"description": summary, "content": {"application/json": {"schema": ref("Health")}}}
    responses = {"200": answer, **({"503": answer} if ready else {})}
    return {"operationId": identity, "tags": ["health"], "summary": summary, "security": [], "responses": responses}


def _door(*codes: str) -> list[tuple[int, str, str]]:
    return [(DOOR[code].status, code, DOOR[code].message) for code in codes]


def _problems(refusals: Iterable[tuple[int, str, str]]) -> Document:
    found = {code: (status, message) for status, code, message in refusals}
    examples = {code: {"value": _example(status, code, message)} for code, (status, message) in found.items()}
    lines = "".join(f"\n* `{code}`: {message}" for code, (_, message) in found.items())
    status = next(iter(found.values()))[0]
    content = {MEDIA_TYPE: {"schema": ref("Problem"), "examples": examples}}
    return {"description": f"{title(status)}{lines}", "content": content}


def _example(status: int, code: str, message: str) -> Document:
    known = {"type": f"urn:writ:problem:{code}", "title": title(status), "status": status}
    return {**known, "detail": message, "code": code}


def _object(properties: Mapping[str, Any], *required: str) -> Document:
    return {"type": "object", "properties": dict(properties), "required": list(required)}


def _list(items: Document) -> Document:
    return {"type": "array", "items": items}


def _response_ref(name: str) -> Document:
    return {"$ref": f"#/components/responses/{name}"}
