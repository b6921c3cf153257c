"""An app checked as a whole: from the bytes of its files to a typed app, or to all of its problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from writ.nodes.typed import TypedApp
from writ.policies import check_policies
from writ.problems import Problem, in_order
from writ.source import Span
from writ.spec.documents import AppDocument, EntityDocument
from writ.spec.entities import resolve_entities
from writ.spec.invariants import with_invariants
from writ.spec.parse import Documents, parse
from writ.spec.resolved import Entity
from writ.tools import ToolChecker


@dataclass(frozen=True, slots=True)
class CheckedApp:
    """`app` is None when there are problems; `sources` are the files as text, for showing a problem in its line."""

    app: TypedApp | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, str]


def check_app(files: Mapping[str, bytes], folder: str) -> CheckedApp:
    """Check the app whose files are given (path as shown to the author → content) and whose folder is called
    `folder`.
    """
    documents = parse(files, folder)
    problems = documents.problems
    if documents.app is not None:
        _check_folder(documents.app, folder, problems)
    entities = _entities(documents.entities, documents.broken, problems)
    app = _check_tools(documents, entities, problems)
    sources = {path: content.decode("utf-8", "replace") for path, content in files.items()}
    found = tuple(in_order(problems))
    return CheckedApp(None if found else app, found, sources)


def _check_folder(app: AppDocument, folder: str, problems: list[Problem]) -> None:
    name = folder.rstrip("/").rsplit("/", 1)[-1]
    if name not in ("", ".", app.app):
        problems.append(
            Problem(
                "folder-name",
                app.app.span,
                f"the app `{app.app}` stands in a folder called `{name}`",
                "give both the same name",
            )
        )
    if app.app.startswith("pg_") or app.app in ("writ", "public", "information_schema"):
        problems.append(
            Problem(
                "reserved-name",
                app.app.span,
                f"`{app.app}` is a name the database keeps for itself",
                "choose another name",
            )
        )


def _entities(documents: Mapping[str, EntityDocument], broken: set[str], problems: list[Problem]) -> dict[str, Entity]:
    entities = resolve_entities(documents, frozenset(documents) | broken, problems)
    return with_invariants(entities, documents, problems, broken)


def _check_tools(documents: Documents, entities: Mapping[str, Entity], problems: list[Problem]) -> TypedApp | None:
    roles = documents.app.roles if documents.app else None
    checker = ToolChecker(entities, frozenset(documents.broken), roles, problems)
    tools = {name: checker.check(document) for name, document in documents.tools.items()}
    if not tools and not documents.broken and documents.app is not None:
        span = documents.app.app.span
        problems.append(
            Problem("no-tools", span, f"`{documents.app.app}` has no tool", "add a document that starts with `tool`")
        )
    _check_routes(documents, problems)
    with_policies = check_policies(documents.policies, tools, documents.broken, problems)
    if documents.app is None:
        return None
    app = documents.app
    return TypedApp(str(app.app), app.description, {str(n): d for n, d in app.roles.items()}, entities, with_policies)


def _check_routes(documents: Documents, problems: list[Problem]) -> None:
    taken: dict[tuple[str, str], tuple[str, Span]] = {}
    for name, document in documents.tools.items():
        http = document.trigger.http
        if http is None:
            continue
        pattern = "/".join("{}" if part.startswith("{") else part for part in http.path.split("/"))
        first = taken.setdefault((http.method, pattern), (name, http.marked.head))
        if first[0] != name:
            problems.append(
                Problem(
                    "duplicate-route",
                    http.marked.head,
                    f"`{first[0]}` answers at {http.method} {http.path} already",
                    "choose another path or method",
                )
            )
