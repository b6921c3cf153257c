"""Which parts of a tool's input are personal or secret: declared so, or on their way to or from a field that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from writ.graph.app import ToolFacts
from writ.graph.showing import shown
from writ.nodes.facts import Use
from writ.spec.resolved import TypedExpression

_INSIDE = ("items", "contains", "additionalProperties")
_ALSO = ("allOf", "anyOf", "oneOf", "prefixItems")


def personal_inputs(tool: ToolFacts, *, secret: bool = False) -> frozenset[str]:
    """The paths of the input (`input.email`) whose values are personal; with `secret`, also those that are secret."""
    reaching = (tool.data.from_input(use.expression) for use in _uses(tool, secret=secret))
    return frozenset(_declared(tool.tool.input_schema, "input")).union(*reaching)


def personal_in(tool: ToolFacts, expression: TypedExpression) -> frozenset[str]:
    """The personal values one can read off that of an expression: fields (`Customer.email`) and parts of the input."""
    known = personal_inputs(tool)
    seen = shown(tool.data, expression)
    fields = {it.name for it in seen if it.field is not None and it.field.personal}
    read = {it.name for it in seen if it.kind == "input"}
    return frozenset(fields | {path for path in read if any(_meet(path, one) for one in known)})


def _meet(one: str, other: str) -> bool:
    """Whether one path is the other or a part of it."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _uses(tool: ToolFacts, *, secret: bool) -> Iterator[Use]:
    for step in tool.graph.steps:
        for use in step.facts.uses:
            field = use.field
            if field is not None and use.purpose in ("set", "where") and (field.personal or (secret and field.secret)):
                yield use


def _declared(schema: Any, path: str) -> Iterator[str]:
    if not isinstance(schema, dict):
        return
    if schema.get("personal") is True:
        yield path
    for name, inner in (schema.get("properties") or {}).items():
        yield from _declared(inner, f"{path}.{name}")
    for word in _INSIDE:
        yield from _declared(schema.get(word), path)
    for word in _ALSO:
        for inner in schema.get(word) or ():
            yield from _declared(inner, path)
