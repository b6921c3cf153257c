"""The OpenAPI 3.1 description of the API, generated from the active releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api import openapi_parts as parts
from api.examples import example
from api.openapi_schemas import component_schema, ref, without
from api.route_table import parameter_name, pattern
from writ.plan.model import Release, ToolPlan
from writ.schemas import Schema

Document = dict[str, Any]

API_VERSION = "1"
"""As in `/v1`: what the addresses and answers of the API itself look like, not what the apps offer."""


def document(releases: Mapping[str, Release]) -> Document:
    """The description of what can be called under `releases`, given by digest; anybody may read it, so that concealed
    tools are not in it.
    """
    apps = sorted(releases.items(), key=lambda item: item[1].app)
    described = Document(parts.own_paths())
    schemas: Document = dict(parts.own_schemas())
    for _, release in apps:
        for plan in (each for each in release.tools.values() if not each.conceal):
            described.update(_merged(described, _tool_paths(release, plan)))
            schemas.update(_tool_schemas(release.app, plan))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Writ",
            "version": API_VERSION,
            "summary": "Business tools that run from checked specifications.",
            "x-releases": {release.app: digest for digest, release in apps},
        },
        "tags": [{"name": release.app, "description": release.description} for _, release in apps] + parts.own_tags(),
        "security": [{"bearer": []}],
        "paths": described,
        "components": {
            "schemas": schemas,
            "responses": parts.own_responses(),
            "headers": parts.own_headers(),
            "parameters": parts.own_parameters(),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _merged(paths: Document, more: Document) -> Document:
    return {path: {**paths.get(path, {}), **operations} for path, operations in more.items()}


def _tool_paths(release: Release, plan: ToolPlan) -> Document:
    name = f"{release.app}.{plan.tool}"
    generic = _operation(release, plan, f"call.{name}", frozenset(), body=True)
    paths: Document = {f"/v1/tools/{name}": {"post": generic}}
    if plan.http is not None:
        path = f"/{release.app}/" + "/".join(pattern(plan.http.path))
        in_path = frozenset(filter(None, (parameter_name(part) for part in pattern(plan.http.path))))
        has_body = plan.http.method not in ("GET", "DELETE")
        paths[path] = {plan.http.method.lower(): _operation(release, plan, name, in_path, body=has_body)}
    return paths


def _operation(release: Release, plan: ToolPlan, identity: str, in_path: frozenset[str], *, body: bool) -> Document:
    operation: Document = {
        "operationId": identity,
        "tags": [release.app],
        "summary": plan.description,
        **({"x-version": plan.version} if plan.version > 1 else {}),
        "description": _for_whom(plan),
        "parameters": [*_parameters(release.app, plan, in_path, body), *parts.call_parameters()],
        "responses": _responses(release.app, plan, body=body),
    }
    if body:
        operation["requestBody"] = _request_body(release.app, plan, in_path)
    return operation


def _for_whom(plan: ToolPlan) -> str:
    roles = (f"{role} ({'all rows' if scope == 'all' else 'own rows'})" for role, scope in sorted(plan.allow.items()))
    return "For: " + ", ".join(roles) + "."


def _parameters(app: str, plan: ToolPlan, in_path: frozenset[str], body: bool) -> list[Document]:
    properties: Mapping[str, Any] = plan.input_schema.get("properties", {})
    required = plan.input_schema.get("required", ())
    place = f"#/components/schemas/{_input_name(app, plan)}"
    found = [
        {"name": name, "in": "path", "required": True, "schema": component_schema(properties.get(name, {}), place)}
        for name in sorted(in_path)
    ]
    if body:
        return found
    return found + [
        {"name": name, "in": "query", "required": name in required, "schema": component_schema(schema, place)}
        for name, schema in properties.items()
        if name not in in_path
    ]


def _request_body(app: str, plan: ToolPlan, in_path: frozenset[str]) -> Document:
    rest = without(plan.input_schema, in_path)
    name = _input_name(app, plan)
    content = {"schema": component_schema(rest, f"#/components/schemas/{name}") if in_path else ref(name)}
    return {
        "required": bool(rest.get("required")),
        "content": {"application/json": {**content, **_example(rest)}},
    }


def _responses(app: str, plan: ToolPlan, *, body: bool) -> Document:
    content = {"schema": ref(_output_name(app, plan)), **_example(plan.output_schema)}
    return {
        "200": {
            "description": "The answer.",
            "headers": parts.answer_headers(),
            "content": {"application/json": content},
        },
        **parts.call_responses(_refusals(plan), body=body),
    }


def _refusals(plan: ToolPlan) -> Iterable[tuple[int, str, str]]:
    for code, known in plan.refusals.items():
        yield known.status, code, known.message
    for policy in plan.policies:
        yield policy.status, policy.name, policy.message


def _tool_schemas(app: str, plan: ToolPlan) -> Document:
    given, answer = _input_name(app, plan), _output_name(app, plan)
    return {
        given: component_schema(plan.input_schema, f"#/components/schemas/{given}"),
        answer: component_schema(plan.output_schema, f"#/components/schemas/{answer}"),
    }


def _input_name(app: str, plan: ToolPlan) -> str:
    return f"{app}.{plan.tool}.input"


def _output_name(app: str, plan: ToolPlan) -> str:
    return f"{app}.{plan.tool}.output"


def _example(schema: Mapping[str, Any]) -> Document:
    """An example only where it fits: a pattern or a condition can ask for what cannot be made up."""
    value = example(schema)
    return {} if Schema(dict(schema)).violations(value) else {"example": value}
