"""An app as data that an operator can change: documents, the nodes of their flows, and a changed app as texts again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import yaml

Document = dict[str, Any]
Path = tuple[str | int, ...]

_LISTS = ("nodes", "then", "else", "default", "on_error", "on_unknown")


@dataclass(frozen=True)
class Change:
    """One change of an app: where, in words, and the documents that read otherwise then."""

    site: str
    documents: Mapping[str, Document]


@dataclass(frozen=True)
class Node:
    """A node of a tool's flow. `inside` is the path of the transaction around it."""

    file: str
    tool: Document
    path: Path
    written: Document
    kind: str
    inside: Path | None

    @property
    def name(self) -> str:
        return str(self.written[self.kind] or self.kind)

    @property
    def site(self) -> str:
        return f"{self.tool['tool']}/{self.name}"

    def replaced(self, *nodes: Document, of: str = "") -> Change:
        """The flow with these nodes in place of this one."""
        tool = deepcopy(self.tool)
        siblings = at(tool, self.path[:-1])
        index = int(self.path[-1])
        siblings[index : index + 1] = deepcopy(list(nodes))
        return Change(f"{self.site} {of}".strip(), {self.file: tool})

    def having(self, of: str = "", **keys: Any) -> Change:
        """The flow with other values of keys of this node."""
        return self.replaced({**self.written, **keys}, of=of)

    def lacking(self, *keys: str, of: str = "") -> Change:
        """The flow with this node without these keys."""
        return self.replaced({key: value for key, value in self.written.items() if key not in keys}, of=of)

    def put(self, path: Path, value: Any, of: str = "") -> Change:
        """The flow with another value somewhere in this node."""
        return Change(f"{self.site} {of}".strip(), {self.file: with_value(self.tool, (*self.path, *path), value)})


@dataclass(frozen=True)
class Written:
    """The documents of an app by their files."""

    name: str
    documents: Mapping[str, Document]

    def all_of(self, head: str) -> Iterator[tuple[str, Document]]:
        """Files and documents of one kind."""
        return ((file, document) for file, document in self.documents.items() if head in document)

    def entity(self, name: str) -> Document:
        return next(document for _, document in self.all_of("entity") if document["entity"] == name)

    def roles(self) -> dict[str, Any]:
        return dict(self.documents["app.yaml"]["roles"])

    def staff(self, role: str) -> bool:
        described = self.roles()[role]
        return isinstance(described, dict) and bool(described.get("staff"))

    def nodes(self, *kinds: str) -> Iterator[Node]:
        """The nodes of all flows, or those of these kinds."""
        for file, tool in self.all_of("tool"):
            for node in _nodes(file, tool, ("flow",), None):
                if not kinds or node.kind in kinds:
                    yield node

    def owner_of(self, entity: str) -> str | None:
        owner: str | None = self.entity(entity).get("owner")
        return owner


def read(name: str, texts: Mapping[str, str]) -> Written:
    """The app that is written in these texts."""
    return Written(name, {file: yaml.safe_load(text) for file, text in texts.items()})


def text(document: Document) -> str:
    """The document as it would stand in a file."""
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1000)


def _nodes(file: str, tool: Document, path: Path, inside: Path | None) -> Iterator[Node]:
    for index, written in enumerate(at(tool, path)):
        here = (*path, index)
        node = Node(file, tool, here, written, next(iter(written)), inside)
        yield node
        within = here if node.kind == "transaction" else inside
        for inner in _inner(written):
            yield from _nodes(file, tool, (*here, *inner), within)


def _inner(node: Document) -> Iterator[Path]:
    yield from ((key,) for key in _LISTS if isinstance(node.get(key), list))
    yield from (("cases", index, "nodes") for index, _ in enumerate(node.get("cases", ())))
    yield from (("branches", name) for name in node.get("branches", {}))


def at(document: Any, path: Path) -> Any:
    """What stands at a path."""
    for step in path:
        document = document[step]
    return document


def with_value(document: Document, path: Path, value: Any) -> Document:
    """The document with another value at a path, made where there was none."""
    changed = deepcopy(document)
    holder: Any = changed
    for step in path[:-1]:
        holder = holder.setdefault(step, {}) if isinstance(step, str) else holder[step]
    holder[path[-1]] = value
    return changed


def without(document: Document, path: Path) -> Document:
    """The document without what stands at a path."""
    changed = deepcopy(document)
    del at(changed, path[:-1])[path[-1]]
    return changed


def expressions(node: Node) -> Iterator[tuple[Path, str]]:
    """The expressions of a node itself, not of the nodes in it, with their paths in it."""
    for key in ("where", "set", "that", "when", "value", "amount", "of", "over", "limit", "body", "with"):
        yield from _texts(node.written.get(key), (key,))
    for index, case in enumerate(node.written.get("cases", ())):
        yield ("cases", index, "when"), case["when"]


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))


def spelled(path: Path) -> str:
    return ".".join(map(str, path))


def again(value: Any, names: set[str]) -> Any:
    """Part of a flow in which nodes of these names, and what speaks of them, are called otherwise."""
    if isinstance(value, dict):
        heading = next(iter(value), None)
        return {
            key: _called(one) if key == heading and str(one) in names else again(one, names)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [again(one, names) for one in value]
    if not isinstance(value, str):
        return value
    return re.sub(r"(?<![\w.'])\w+(?=[.)])", lambda it: _called(it[0]) if it[0] in names else it[0], value)


def _called(name: str) -> str:
    return f"{name}_again"
