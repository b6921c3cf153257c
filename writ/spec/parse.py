"""Text to documents: every file of an app read, recognised by its head key and shaped, with all problems collected."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from writ.problems import Problem, did_you_mean
from writ.source import Span
from writ.spec.connector_documents import ConnectorDocument
from writ.spec.documents import AcknowledgementsDocument, AppDocument, PolicyDocument, ToolDocument
from writ.spec.entity_documents import EntityDocument
from writ.spec.marked import Marked
from writ.spec.marked_parts import texts
from writ.spec.reader import Read, read_document
from writ.spec.remains import Remains, remaining_tool
from writ.spec.shape import EntityName, Name, SpecModel, shape

D = TypeVar("D", bound=SpecModel)

DOCUMENTS: Mapping[str, type[SpecModel]] = {
    "app": AppDocument,
    "entity": EntityDocument,
    "tool": ToolDocument,
    "policy": PolicyDocument,
    "connector": ConnectorDocument,
    "acknowledgements": AcknowledgementsDocument,
}
"""The kinds of document, by the key that makes a file one of them."""

_ACKNOWLEDGED = "acknowledgements"
_HEAD = re.compile(
    rb"^[\"' \t{]*(?:(acknowledgements)[\"']?[ \t]*:"
    rb"|(app|entity|tool|policy|connector)[\"']?[ \t]*:[ \t\"']*([A-Za-z][A-Za-z0-9_]*))",
    re.MULTILINE,
)


@dataclass(slots=True)
class Broken(Collection[str]):
    """The names of documents that are wrong. `unnamed`: there is one which does not even tell its name, so that any
    name may be its.
    """

    names: set[str] = field(default_factory=set)
    unnamed: bool = False

    def __contains__(self, name: object) -> bool:
        return self.unnamed or name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names) + self.unnamed

    def add(self, kind: str, name: object) -> None:
        """Remember the document of that kind, under its name and the one it was probably meant to have.

        Acknowledgements have no name, and nothing refers to them.
        """
        if kind == _ACKNOWLEDGED:
            return
        if not isinstance(name, str):
            self.unnamed = True
            return
        self.names |= {kind, name, EntityName.suggested(name) if kind == "entity" else Name.suggested(name)}


@dataclass(slots=True)
class Documents:
    """The documents of one app as they were written. `app` is None when `app.yaml` is missing or wrong.

    `texts` are all texts in them, those of wrong documents too, in the order of files and lines.

    `broken` holds the names of documents that are wrong, so that what refers to them is not reported as unknown too.
    `remains` holds what can still be checked of tools whose documents are wrong.
    """

    app: AppDocument | None = None
    entities: dict[str, EntityDocument] = field(default_factory=dict)
    tools: dict[str, ToolDocument] = field(default_factory=dict)
    policies: dict[str, PolicyDocument] = field(default_factory=dict)
    connectors: dict[str, ConnectorDocument] = field(default_factory=dict)
    acknowledgements: AcknowledgementsDocument | None = None
    texts: list[tuple[str, Span]] = field(default_factory=list)
    remains: list[Remains] = field(default_factory=list)
    broken: Broken = field(default_factory=Broken)
    problems: list[Problem] = field(default_factory=list)


def parse(files: Mapping[str, bytes], folder: str) -> Documents:
    """The documents in `files` (path as shown to the author → content). `folder` is where the app should be."""
    documents = Documents()
    if not files:
        documents.problems.append(
            Problem(
                "no-files", Span(folder, 1, 1), "there is no YAML file here", "`writ new` makes an app to start from"
            )
        )
        return documents
    for path in sorted(files):
        read = read_document(files[path], path)
        documents.problems.extend(read.problems)
        if read.document is not None:
            documents.texts.extend(texts(read.document))
            _add(documents, read.document)
        elif not _is_empty(read):
            documents.broken.add(*_beginning(files[path]))
    if documents.app is None and "app" not in documents.broken:
        documents.problems.append(_no_app(folder))
    return documents


def _is_empty(read: Read) -> bool:
    return any(problem.code == "empty-file" for problem in read.problems)


def _beginning(content: bytes) -> tuple[str, str | None]:
    """The kind and name of a document that cannot be read, from its first line that tells them."""
    found = _HEAD.search(content)
    if found is None:
        return "", None
    return (found[2].decode(), found[3].decode()) if found[2] else (_ACKNOWLEDGED, None)


def _no_app(folder: str) -> Problem:
    help = "add `app.yaml` with `app`, `description` and `roles`"
    return Problem("no-app", Span(f"{folder}/app.yaml", 1, 1), "no document says which app this is", help)


def _add(documents: Documents, marked: Marked) -> None:
    kind = _kind(marked, documents.problems)
    if kind is None:
        first = next(iter(marked.key_spans), "")
        meant = next((kind for kind in DOCUMENTS if did_you_mean(first, DOCUMENTS) == did_you_mean(kind, [kind])), "")
        documents.broken.add(meant, _name(marked, first))
        return
    document, problems = shape(marked, DOCUMENTS[kind])
    documents.problems.extend(problems)
    if document is None:
        documents.broken.add(kind, _name(marked, kind))
        remains = remaining_tool(marked) if kind == "tool" else None
        documents.remains.extend([remains] if remains else [])
    else:
        _keep(documents, document)


def _keep(documents: Documents, document: SpecModel) -> None:
    match document:
        case AppDocument():
            documents.app = _only(documents, documents.app, document, "app", "says which app this is")
        case AcknowledgementsDocument():
            kept = documents.acknowledgements
            documents.acknowledgements = _only(documents, kept, document, _ACKNOWLEDGED, "has acknowledgements")
        case EntityDocument():
            _enter(documents, documents.entities, document.entity, document, "entity")
        case ToolDocument():
            _enter(documents, documents.tools, document.tool, document, "tool")
        case PolicyDocument():
            _enter(documents, documents.policies, document.policy, document, "policy")
        case ConnectorDocument():
            _enter(documents, documents.connectors, document.connector, document, "connector")


def _name(marked: Marked, key: str) -> object:
    return marked.value[key].value if isinstance(marked.value, dict) and key in marked.value else None


def _kind(marked: Marked, problems: list[Problem]) -> str | None:
    choices = ", ".join(f"`{kind}`" for kind in DOCUMENTS)
    if not isinstance(marked.value, dict):
        problems.append(
            Problem("not-a-document", marked.span, "a document is a mapping", f"start it with one of {choices}")
        )
        return None
    for key in marked.value:
        if key in DOCUMENTS:
            return key
    first = next(iter(marked.value), "")
    help = did_you_mean(first, DOCUMENTS)
    problems.append(Problem("not-a-document", marked.head, f"no key says what this document is: {choices}", help))
    return None


def _only(documents: Documents, kept: D | None, document: D, key: str, what: str) -> D:
    """The first document of a kind of which an app has one."""
    if kept is None:
        return document
    here, first = document.marked.key_spans[key], kept.marked.key_spans[key]
    documents.problems.append(Problem("duplicate-name", here, f"a second document {what}", f"the first is {first}"))
    return kept


def _enter(documents: Documents, known: dict[str, D], name: str, document: D, kind: str) -> None:
    if name not in known:
        known[name] = document
        return
    here, first = document.marked.key_spans[kind], known[name].marked.key_spans[kind]
    documents.problems.append(
        Problem("duplicate-name", here, f"a second {kind} is called `{name}`", f"the first is {first}")
    )
