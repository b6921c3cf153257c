"""Summaries: what a node or a transaction does, in the few words that the Temporal UI shows."""

from __future__ import annotations

import re

from writ.nodes.typed import (
    TypedArchive,
    TypedChoice,
    TypedCreate,
    TypedNode,
    TypedRead,
    TypedRequire,
    TypedTransaction,
    TypedTransform,
    TypedTransition,
    TypedUpdate,
)

MOST_BYTES = 200

_CUT = "…"
_VERBS: dict[type[TypedNode], str] = {TypedRead: "read", TypedUpdate: "update", TypedArchive: "archive"}
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def summary(node: TypedNode) -> str:
    """What the node does, in words: `move slot to taken`."""
    return cut(_words(node))


def transaction_summary(node: TypedTransaction) -> str:
    """What the transaction does: `booking: read slot, require slot_is_free, move slot to taken`."""
    return cut(f"{node.name}: {', '.join(_words(inner) for inner in node.nodes)}")


def cut(text: str) -> str:
    """At most `MOST_BYTES` bytes of UTF-8, with `…` where something is missing."""
    if len(text.encode()) <= MOST_BYTES:
        return text
    return text.encode()[: MOST_BYTES - len(_CUT.encode())].decode(errors="ignore") + _CUT


def _words(node: TypedNode) -> str:
    if isinstance(node, TypedRead | TypedUpdate | TypedArchive):
        return f"{_VERBS[type(node)]} {_named(node)}"
    if isinstance(node, TypedCreate):
        return f"create {_named(node)}{' for each' if node.over is not None else ''}"
    if isinstance(node, TypedTransition):
        return f"move {_spoken(node.entity.name)} to {node.to}"
    if isinstance(node, TypedRequire):
        return f"require {node.name}"
    if isinstance(node, TypedTransform):
        return f"compute {node.name}"
    if isinstance(node, TypedChoice):
        return f"{node.kind} {node.name}"
    return node.name


def _named(node: TypedRead | TypedCreate | TypedUpdate | TypedArchive) -> str:
    """The node's name, with the entity's where they differ: two nodes of one entity must not read alike."""
    entity = _spoken(node.entity.name)
    return entity if node.name.replace("_", " ") == entity else f"{entity} as {node.name}"


def _spoken(entity: str) -> str:
    return " ".join(_WORDS.split(entity)).lower()
