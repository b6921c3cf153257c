"""Routes of tools: what the path takes, what the query must carry, and that no two tools share one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from writ.problems import Problem, did_you_mean
from writ.source import Span
from writ.spec.documents import ToolDocument
from writ.spec.marked import Marked
from writ.spec.trigger_documents import HttpTriggerDocument

_BY_QUERY = frozenset({"GET", "DELETE"})
_IN_PATH = re.compile(r"\{(\w+)\}")
_NO_TEXT = frozenset({"object", "array"})


def route_problems(document: ToolDocument, schema: Mapping[str, Any]) -> Iterator[Problem]:
    """Every reason why a call by HTTP could not carry the inputs of `schema`."""
    http = document.trigger.http
    if http is None:
        return
    properties = schema.get("properties", {})
    taken = _IN_PATH.findall(http.path)
    yield from _path_problems(http, taken, properties, schema.get("required", ()))
    if http.method in _BY_QUERY:
        yield from _query_problems(document.input, http, {**properties}, taken)


def _path_problems(
    http: HttpTriggerDocument, taken: list[str], properties: Mapping[str, Any], required: list[str]
) -> Iterator[Problem]:
    for index, name in enumerate(taken):
        span = _part(http, name, index)
        if name not in properties:
            message = f"the path takes `{name}`, which is not an input"
            yield Problem("unknown-input", span, message, did_you_mean(name, properties))
        elif name in taken[:index]:
            yield Problem("duplicate-name", span, f"the path takes `{name}` twice", "keep one of the two")
        elif name not in required:
            message = f"the path takes `{name}`, which must be a required input"
            yield Problem("unknown-input", span, message, "add it to `required`")
        elif _types(properties[name]) & _NO_TEXT:
            help = "take a text, number, date or uuid from the path"
            yield Problem("misplaced-input", span, f"`{name}` cannot be a part of a path", help)


def _part(http: HttpTriggerDocument, name: str, index: int) -> Span:
    written = http.marked.value
    marked = written["path"] if isinstance(written, dict) else http.marked
    starts = [found.start() for found in _IN_PATH.finditer(http.path)]
    return marked.place(starts[index], len(name) + 2)


def _query_problems(
    input: Marked, http: HttpTriggerDocument, properties: Mapping[str, Any], taken: list[str]
) -> Iterator[Problem]:
    for name, schema in properties.items():
        items = schema.get("items") if isinstance(schema, dict) else None
        nested = _types(items) & _NO_TEXT if "array" in _types(schema) else _types(schema) & {"object"}
        if nested and name not in taken:
            message = f"`{name}` cannot be sent: {http.method} takes its inputs from the query"
            yield Problem("misplaced-input", _key(input, name), message, "use POST, or a list of plain values")


def _key(input: Marked, name: str) -> Span:
    properties = input.value.get("properties") if isinstance(input.value, dict) else None
    return properties.key_spans.get(name, input.head) if properties else input.head


def _types(schema: Any) -> set[str]:
    types = schema.get("type", ()) if isinstance(schema, dict) else ()
    return {types} if isinstance(types, str) else set(types)


def shared_routes(tools: Mapping[str, ToolDocument]) -> Iterator[Problem]:
    """Tools that would answer at the same address as one before them, whether to a call or to a webhook."""
    taken: dict[tuple[str, str], str] = {}
    for name, document in tools.items():
        for method, path, span in _addresses(document):
            if (method, _IN_PATH.sub("{}", path)) in taken:
                first = taken[method, _IN_PATH.sub("{}", path)]
                message = f"`{first}` answers at {method} {path} already"
                yield Problem("duplicate-route", span, message, "choose another path or method")
            taken.setdefault((method, _IN_PATH.sub("{}", path)), name)


def _addresses(document: ToolDocument) -> Iterator[tuple[str, str, Span]]:
    http, webhook = document.trigger.http, document.trigger.webhook
    if http:
        yield http.method, http.path, http.marked.head
    if webhook:
        yield "POST", webhook.path, webhook.marked.head
