"""The schemas that `writ schema` prints: one for each kind of document, one for any of them, one for the report."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from cli.report import document
from cli.report.document import Report
from cli.schemas.key_descriptions import key_descriptions, unwrapped
from cli.schemas.models import Definitions
from cli.schemas.nodes import node_definition
from cli.schemas.texts import DIALECT, JsonSchema, part_definitions, text_definitions
from writ.spec.parse import DOCUMENTS

KINDS = (*DOCUMENTS, "spec", "report")
"""What there is a schema of: the kinds of document by their head keys, `spec` for any of them, and `report`."""


def schema(kind: str) -> JsonSchema:
    """The JSON Schema (2020-12) of one of `KINDS`, complete in itself."""
    if kind == "report":
        return _report()
    return _any_document() if kind == "spec" else _document(kind)


def _document(kind: str) -> JsonSchema:
    definitions = Definitions()
    head = definitions.of(DOCUMENTS[kind])
    described = definitions.found[head["$ref"].rpartition("/")[2]]["description"]
    return _complete(f"Writ: {kind}", {"description": described, **head}, definitions)


def _any_document() -> JsonSchema:
    definitions = Definitions()
    return _complete(
        "Writ: any document",
        {
            "description": "A document of an app. Its first key says which: " + ", ".join(DOCUMENTS) + ".",
            "type": "object",
            "properties": {kind: {"description": unwrapped(model.__doc__ or "")} for kind, model in DOCUMENTS.items()},
            "anyOf": [{"required": [kind]} for kind in DOCUMENTS],
            "allOf": [{"if": {"required": [kind]}, "then": definitions.of(model)} for kind, model in DOCUMENTS.items()],
        },
        definitions,
    )


def _complete(title: str, body: JsonSchema, definitions: Definitions) -> JsonSchema:
    """The schema with every definition that it needs, directly or through another."""
    node = node_definition(definitions)
    known = {**text_definitions(), **part_definitions(), **definitions.found, "node": node}
    needed: dict[str, JsonSchema] = {}
    waiting = list(_referred(body))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = known[name]
            waiting.extend(_referred(known[name]))
    return {"$schema": DIALECT, "title": title, **body, "$defs": dict(sorted(needed.items()))}


def _referred(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        target = part.get("$ref")
        if isinstance(target, str) and target.startswith("#/$defs/"):
            yield target.rpartition("/")[2]
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _referred(inner)


def _report() -> JsonSchema:
    """One report, or the list of them where several apps were checked."""
    made = Report.model_json_schema(mode="serialization")
    parts = made.pop("$defs")
    for name, part in {**parts, "Report": made}.items():
        model = getattr(document, name)
        part["description"] = unwrapped(model.__doc__)
        for key, described in part["properties"].items():
            described.pop("title", None)
            described["description"] = _member_description(model, key)
    return {
        "$schema": DIALECT,
        "title": "Writ: report of a check",
        "description": "What `writ check --format json` prints: a report, or a list of them for several apps.",
        "anyOf": [{"$ref": "#/$defs/Report"}, {"type": "array", "items": {"$ref": "#/$defs/Report"}}],
        "$defs": {**parts, "Report": made},
    }


def _member_description(model: type[Any], key: str) -> str:
    """That of the class that declares the member: a report's parts share their places."""
    owners = [owner for owner in model.__mro__ if key in inspect.get_annotations(owner)]
    return key_descriptions(owners[0])[key]
