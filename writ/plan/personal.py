"""Personal values in a tool's input: what its schema says is personal, and what reaches a personal field.

What reaches one is followed through names (`transform`) and through the items of a set-based create. Where an
expression mixes several values, all of them count: masking one value too many is cheap, one too few is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from writ.nodes.typed import (
    TypedArchive,
    TypedChoice,
    TypedCreate,
    TypedNode,
    TypedRead,
    TypedTool,
    TypedTransaction,
    TypedTransform,
    TypedTransition,
    TypedUpdate,
)
from writ.plan.references import Path, expressions
from writ.spec.resolved import TypedExpression

_EVERY = ("*",)
_NESTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = ("if", "then", "else", "not", "items", "contains", "additionalProperties")
_NAMED = ("patternProperties", "dependentSchemas")

Sources = Mapping[str, frozenset[Path]]
"""For a name, the paths of the input its value comes from; a path is without the word `input`."""


def masked(tool: TypedTool) -> tuple[str, ...]:
    """JSON pointers into the input whose values are personal, sorted; `*` stands for every element of a list."""
    found = {*_declared(tool.input_schema, ()), *_reaching(tool.flow, {"input": frozenset({()})})}
    return tuple(sorted(_pointer(path) for path in found))


def _pointer(path: Path) -> str:
    return "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path)


def _declared(schema: Any, path: Path) -> Iterator[Path]:
    if not isinstance(schema, dict):
        return
    if schema.get("personal") is True:
        yield path
    for name, inner in (schema.get("properties") or {}).items():
        yield from _declared(inner, (*path, name))
    for keyword in _SINGLE:
        yield from _declared(schema.get(keyword), path + _EVERY if keyword in ("items", "contains") else path)
    for keyword in _NESTED:
        for inner in schema.get(keyword) or ():
            yield from _declared(inner, path + _EVERY if keyword == "prefixItems" else path)
    for keyword in _NAMED:
        for inner in (schema.get(keyword) or {}).values():
            yield from _declared(inner, path)


def _reaching(nodes: Sequence[TypedNode], sources: Sources) -> set[Path]:
    found: set[Path] = set()
    for node in nodes:
        for inner in _inside(node):
            found |= _reaching(inner, sources)
        found |= _of_node(node, sources)
        sources = _with_transforms(node, sources)
    return found


def _inside(node: TypedNode) -> tuple[Sequence[TypedNode], ...]:
    if isinstance(node, TypedTransaction):
        return (node.nodes,)
    return tuple(case.nodes for case in node.cases) if isinstance(node, TypedChoice) else ()


def _with_transforms(node: TypedNode, sources: Sources) -> Sources:
    for nodes in _inside(node):
        for inner in nodes:
            sources = _with_transforms(inner, sources)
    if isinstance(node, TypedTransform):
        origins = (_origins(expression, sources) for expression in expressions(node.value))
        return {**sources, node.name: frozenset[Path]().union(*origins)}
    return sources


def _of_node(node: TypedNode, sources: Sources) -> set[Path]:
    if isinstance(node, TypedCreate) and node.over is not None:
        items = frozenset((*path, "*") for path in _origins(node.over, sources))
        sources = {**sources, node.item: items}
    return {path for expression in _into_personal(node) for path in _origins(expression, sources)}


def _into_personal(node: TypedNode) -> Iterator[TypedExpression]:
    """The expressions whose value is written to, or compared with, a personal field."""
    if isinstance(node, TypedCreate | TypedUpdate | TypedTransition):
        yield from (assignment.value for assignment in node.set if assignment.field.personal)
    if isinstance(node, TypedRead | TypedUpdate | TypedTransition | TypedArchive):
        yield from (it.value for it in node.where if it.field.personal and it.value is not None)


def _origins(expression: TypedExpression, sources: Sources) -> frozenset[Path]:
    return frozenset(
        # Below the input and its items a path goes on; below a computed value nobody knows where it came from.
        (*origin, *path[1:]) if path[0] == "input" or origin[-1:] == _EVERY else origin
        for path in expression.references
        for origin in sources.get(path[0], ())
    )
