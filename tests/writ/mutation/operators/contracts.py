"""Unsafe changes of what a tool takes and answers, and of what an app keeps to itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tests.writ.mutation.written import Change, Document, Path, Written, at, spelled, with_value, without


def open_the_input(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        for path, schema in _schemas(tool["input"], ("input",)):
            if schema.get("type") == "object":
                changed = without(tool, (*path, "additionalProperties"))
                yield Change(f"{tool['tool']} {spelled(path)} dropped", {file: changed})
                changed = with_value(tool, (*path, "additionalProperties"), True)
                yield Change(f"{tool['tool']} {spelled(path)} true", {file: changed})


def drop_a_bound_of_the_input(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        for path, schema in _schemas(tool["input"], ("input",)):
            for key in ("maxLength", "maxItems"):
                if key in schema:
                    yield Change(f"{tool['tool']} {spelled(path)}", {file: without(tool, (*path, key))})


def drop_a_bound_of_a_field(app: Written) -> Iterator[Change]:
    for file, entity in app.all_of("entity"):
        for field, described in entity["fields"].items():
            if "max_length" in described:
                changed = without(entity, ("fields", field, "max_length"))
                yield Change(f"{entity['entity']}.{field}", {file: changed})


def take_text_for_an_id(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        for name, schema in tool["input"]["properties"].items():
            if schema.get("format") == "uuid":
                changed = with_value(tool, ("input", "properties", name), {"type": "string", "maxLength": 100})
                yield Change(f"{tool['tool']} {name}", {file: changed})


def use_an_input_that_may_be_missing(app: Written) -> Iterator[Change]:
    """It is no longer required, and every place that uses it goes on as if it were."""
    for file, tool in app.all_of("tool"):
        for name in tool["input"].get("required", ()):
            rest = [other for other in tool["input"]["required"] if other != name]
            yield Change(f"{tool['tool']} {name}", {file: with_value(tool, ("input", "required"), rest)})


def use_a_field_that_may_be_missing(app: Written) -> Iterator[Change]:
    """A field that some flow relies on becomes optional."""
    for file, entity in app.all_of("entity"):
        for field, described in entity["fields"].items():
            if not described.get("optional") and _used(app, entity["entity"], field):
                changed = with_value(entity, ("fields", field, "optional"), True)
                yield Change(f"{entity['entity']}.{field}", {file: changed})


def answer_less_than_promised(app: Written) -> Iterator[Change]:
    for node in app.nodes("respond"):
        value = node.written["value"]
        for key in value if isinstance(value, dict) else ():
            rest = {name: one for name, one in value.items() if name != key}
            yield node.having(of=key, value=rest)


def answer_another_type(app: Written) -> Iterator[Change]:
    for node in app.nodes("respond"):
        for key, schema in node.tool["output"]["properties"].items():
            wrong = "'soon'" if schema["type"] != "string" else "12"
            yield node.put(("value", key), wrong, of=key)


def never_answer(app: Written) -> Iterator[Change]:
    for node in app.nodes("respond"):
        yield node.replaced()


def answer_with_personal_data(app: Written) -> Iterator[Change]:
    """A personal field of a row that was read, for roles that may not be told."""
    for node in app.nodes("read"):
        personal = _personal(app.entity(node.written["entity"]))
        many = node.written.get("expect") == "many"
        if personal and not many and not _may_be_told(app, node.tool):
            yield Change(node.site, {node.file: _answering(node.tool, f"{node.name}.{personal}")})


def answer_with_a_secret(app: Written) -> Iterator[Change]:
    """A text that some flow answers becomes a secret."""
    for file, entity in app.all_of("entity"):
        for node in app.nodes("read"):
            if node.written["entity"] == entity["entity"] and node.written.get("expect") != "many":
                for field, described in entity["fields"].items():
                    if described["type"] == "text" and not described.get("optional"):
                        secret = with_value(entity, ("fields", field, "secret"), True)
                        answering = _answering(node.tool, f"{node.name}.{field}")
                        yield Change(f"{node.site} {field}", {file: secret, node.file: answering})


def keep_personal_data_in_the_open(app: Written) -> Iterator[Change]:
    document = app.documents["app.yaml"]
    if "history" in document:
        yield Change("history", {"app.yaml": without(document, ("history",))})


def drop_the_request_key(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        if tool.get("idempotency") == "required":
            yield Change(f"{tool['tool']} none", {file: with_value(tool, ("idempotency",), "none")})


def refuse_every_request_key(app: Written) -> Iterator[Change]:
    """Of tools that write: whoever sends the same request twice does the thing twice."""
    writing = {node.file for node in app.nodes("create", "update", "transition", "archive")}
    for file, tool in app.all_of("tool"):
        if file in writing and "idempotency" not in tool and "http" in tool["trigger"]:
            yield Change(tool["tool"], {file: with_value(tool, ("idempotency",), "none")})


def keep_money_as_a_fraction(app: Written) -> Iterator[Change]:
    for file, entity in app.all_of("entity"):
        for field, described in entity["fields"].items():
            if described["type"] == "money":
                changed = with_value(entity, ("fields", field), {**described, "type": "number"})
                yield Change(f"{entity['entity']}.{field}", {file: changed})


def call_itself(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        given = {name: f"input.{name}" for name in tool["input"].get("required", ())}
        call = {"call": "again", "tool": tool["tool"], "input": given}
        yield Change(tool["tool"], {file: with_value(tool, ("flow",), [call, *tool["flow"]])})


def call_without_end(app: Written) -> Iterator[Change]:
    """Every required input a literal, so that nothing but the circle is wrong: only tools without required inputs."""
    free = [(file, tool) for file, tool in app.all_of("tool") if not tool["input"].get("required")]
    for (file, one), (other_file, other) in pairwise(free):
        first = with_value(one, ("flow",), [_call(other), *one["flow"]])
        second = with_value(other, ("flow",), [_call(one), *other["flow"]])
        yield Change(f"{one['tool']} {other['tool']}", {file: first, other_file: second})


def _call(tool: Document) -> Document:
    return {"call": "other", "tool": tool["tool"], "input": {}}


def _schemas(schema: Document, path: Path) -> Iterator[tuple[Path, Document]]:
    yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from _schemas(inner, (*path, "properties", name))
    if "items" in schema:
        yield from _schemas(schema["items"], (*path, "items"))


def _used(app: Written, entity: str, field: str) -> bool:
    """Whether a flow uses the field of a row of the entity, by the name of the node that got it."""
    rows = (node for node in app.nodes() if node.written.get("entity") == entity)
    return any(re.search(rf"\b{row.name}\.{field}\b", str(row.tool["flow"])) for row in rows)


def _personal(entity: Document) -> str | None:
    fields = entity["fields"].items()
    return next((name for name, one in fields if one.get("personal") and not one.get("optional")), None)


def _may_be_told(app: Written, tool: Document) -> bool:
    """Whether every role it lets in may be told what is personal, or reaches rows of its own only."""
    roles = app.roles()
    return all(
        reach == "own" or (isinstance(roles[role], dict) and "personal" in roles[role].get("reads", ()))
        for role, reach in tool["allow"].items()
    )


def _answering(tool: Document, expression: str) -> Document:
    """The tool with one more text in its answer."""
    changed = with_value(tool, ("output", "properties", "more"), {"type": "string", "maxLength": 300})
    path: Path = ("flow", len(tool["flow"]) - 1, "value")
    return with_value(changed, path, {**at(tool, path), "more": expression})
