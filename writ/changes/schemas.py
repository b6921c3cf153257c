"""What a contract says otherwise beyond what it breaks or lets in: names, classes of data, bounds, wording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from writ.changes.change import Change, ToolPair
from writ.changes.kinds import Kind
from writ.graph.contracts import Contract, Part, kinds_of, properties_of

_WORDING = frozenset({"description", "title", "examples", "$comment"})
_CLASSES = ("personal", "secret")
_ELSEWHERE = frozenset({"type", "properties", "required", "additionalProperties", *_CLASSES, *_WORDING})
"""Words that are told of by themselves."""


def compare(tool: ToolPair, part: Part, old: Contract, new: Contract, told: frozenset[str]) -> Iterator[Change]:
    """Every such change of a part that both contracts have, at any depth; `told` are the names of those whose bounds or
    type are told already.
    """
    yield from _names(tool, part, old, new)
    yield from _classes(tool, part, old, new)
    places = tool.spans(part.place)
    if part.name not in told and _said(old) != _said(new):
        message = f"`{part.name}` of `{tool.new.name}` has other bounds"
        yield Change(Kind.CONTRACT_CHANGED, tool.path, message, *places)
    if any(old.get(word) != new.get(word) for word in _WORDING):
        message = f"`{part.name}` of `{tool.new.name}` is described otherwise"
        yield Change(Kind.WORDING_CHANGED, tool.path, message, *places)
    for inner, before, after in _below(part, old, new):
        yield from compare(tool, inner, before, after, told)


def _below(part: Part, old: Contract, new: Contract) -> Iterator[tuple[Part, Contract, Contract]]:
    before, after = properties_of(old), properties_of(new)
    for name in before.keys() & after.keys():
        yield part.property(name), before[name], after[name]
    if _has_items(old) and _has_items(new):
        yield part.items(), old["items"], new["items"]


def _has_items(schema: Contract) -> bool:
    return isinstance(schema.get("items"), dict)


def _said(schema: Contract) -> Mapping[str, Any]:
    """What is left to compare: the types it allows, however they are written, and every bound."""
    left = {word: value for word, value in schema.items() if word not in _ELSEWHERE}
    if _has_items(schema):
        del left["items"]
    return {**left, "type": kinds_of(schema)}


def _names(tool: ToolPair, part: Part, old: Contract, new: Contract) -> Iterator[Change]:
    """Whether it takes or answers names that are not declared; what is closed now breaks who gave them."""
    before, after = (one.get("additionalProperties", True) for one in (old, new))
    if before == after:
        return
    name, places = f"`{part.name}` of `{tool.new.name}`", tool.spans(f"{part.place}.additionalProperties", part.place)
    if part.place.startswith("output"):
        kind = Kind.OUTPUT_EXTENDED if before is False else Kind.CONTRACT_CHANGED
        yield Change(kind, tool.path, f"{name} may answer other names than before, declared or not", *places)
    elif before is False:
        message, help = f"{name} takes names that are not declared", "write `additionalProperties: false` again"
        yield Change(Kind.INPUT_LOOSENED, tool.path, message, *places, help)
    elif tool.new.version > tool.old.version:
        message, help = f"{name} no longer takes every name that is not declared", "tell those who call it"
        yield Change(Kind.BROKEN_AS_ANNOUNCED, tool.path, message, *places, help)
    else:
        message = f"{name} no longer takes every name that is not declared"
        help = f"write `version: {tool.new.version + 1}`, or let it take them still"
        yield Change(Kind.INPUT_BROKEN, tool.path, message, *places, help)


def _classes(tool: ToolPair, part: Part, old: Contract, new: Contract) -> Iterator[Change]:
    for word in _CLASSES:
        before, after = bool(old.get(word)), bool(new.get(word))
        places = tool.spans(f"{part.place}.{word}", part.place)
        if before and not after:
            message = f"`{part.name}` of `{tool.new.name}` is no longer called `{word}`"
            yield Change(Kind.CLASS_LOST, tool.path, message, *places, f"write `{word}: true` again")
        elif after and not before:
            yield Change(Kind.CLASS_GAINED, tool.path, f"`{part.name}` of `{tool.new.name}` is `{word}`", *places)
