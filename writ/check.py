"""An app checked as a whole: from the bytes of its files to a typed app, or to all of its problems at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from writ.accepted_findings import accepted_findings
from writ.design_rules import check_design_rules
from writ.nodes.typed import TypedApp, TypedTool
from writ.policies import check_policies
from writ.problems import Problem, in_order
from writ.spec.codes import code_problems
from writ.spec.connectors import resolve_connectors
from writ.spec.documents import AppDocument
from writ.spec.entities import resolve_entities
from writ.spec.invariants import with_invariants
from writ.spec.key_texts import key_text_problems
from writ.spec.parse import Documents, parse
from writ.spec.resolved import Connector, Entity
from writ.spec.roles import resolved_roles, token_rules
from writ.spec.routes import shared_routes
from writ.spec.tree import UNREAD_NUMBER
from writ.tools import ToolChecker

OWN_ADDRESSES = frozenset({"v1", "docs", "openapi", "healthz", "readyz"})
"""What the addresses of the API itself begin with: an app's tools answer below its name and would never be reached."""

OWN_ROLES = frozenset({"auditor"})
"""Roles that mean something to the API itself, whatever the app: who has one in an app would have it everywhere."""

_VERSION = re.compile(r"v\d+")


@dataclass(frozen=True, slots=True)
class CheckedApp:
    """`app` is None when there are problems; `sources` are the files as text, for showing a problem in its line.

    `partial` is the app as far as it could be told in spite of its problems, for what can be judged even then; None
    when its own document is missing or wrong. `documents` is what was written.
    """

    app: TypedApp | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, str]
    partial: TypedApp | None = None
    documents: Documents = field(default_factory=Documents)


def check_app(files: Mapping[str, bytes], folder: str) -> CheckedApp:
    """Check the app whose files are given (path as shown to the author → content) and whose folder is called
    `folder`.
    """
    documents = parse(files, folder)
    problems = documents.problems
    if documents.app is not None:
        _check_folder(documents.app, folder, problems)
    entities = _entities(documents)
    app = _typed(documents, entities, resolve_connectors(documents.connectors, problems))
    sources = {path: content.decode("utf-8", "replace") for path, content in files.items()}
    found = tuple(in_order(_told_once(problems)))
    return CheckedApp(None if found else app, found, sources, app, documents)


def _told_once(problems: list[Problem]) -> list[Problem]:
    """A number that cannot be had is read as 0, which no check need complain of as well."""
    unread = {problem.span for problem in problems if problem.code == UNREAD_NUMBER}
    return [problem for problem in problems if problem.code == UNREAD_NUMBER or problem.span not in unread]


def _check_folder(app: AppDocument, folder: str, problems: list[Problem]) -> None:
    name = folder.rstrip("/").rsplit("/", 1)[-1]
    if app.app.startswith("pg_") or app.app in ("writ", "public", "information_schema"):
        message = f"`{app.app}` is a name the database keeps for itself"
        problems.append(Problem("reserved-name", app.app.span, message, "choose another name"))
    elif app.app in OWN_ADDRESSES or _VERSION.fullmatch(app.app):
        message = f"`/{app.app}` is an address the API keeps for itself"
        problems.append(Problem("reserved-name", app.app.span, message, "choose another name"))
    elif name not in ("", ".", app.app):
        message = f"the app `{app.app}` stands in a folder called `{name}`"
        problems.append(Problem("folder-name", app.app.span, message, "give both the same name"))
    for role in app.roles:
        if role in OWN_ROLES:
            message = f"`{role}` is a role of the API itself: whoever has it sees the runs of all apps"
            problems.append(Problem("reserved-name", role.span, message, "choose another name"))
    if not app.roles:
        place = app.marked.key_spans["roles"]
        problems.append(Problem("no-roles", place, f"`{app.app}` has no roles", "name at least one: who may call"))


def _entities(documents: Documents) -> dict[str, Entity]:
    entities = resolve_entities(documents.entities, documents.broken, documents.problems)
    documents.problems.extend(key_text_problems(entities, documents.entities))
    return with_invariants(entities, documents.entities, documents.problems, documents.broken)


def _typed(
    documents: Documents, entities: Mapping[str, Entity], connectors: Mapping[str, Connector]
) -> TypedApp | None:
    app, problems = documents.app, documents.problems
    tools = _tools(documents, entities, connectors)
    design_rules = check_design_rules(documents.policies.values(), problems)
    acknowledgements = accepted_findings(documents.acknowledgements, problems)
    if app is None:
        return None
    return TypedApp(
        name=str(app.app),
        description=app.description,
        roles=resolved_roles(app),
        entities=entities,
        tools=tools,
        connectors=connectors,
        span=app.app.span,
        tokens=token_rules(app),
        encrypted_history=app.history == "encrypted",
        design_rules=design_rules,
        acknowledgements=acknowledgements,
        texts=tuple(documents.texts),
    )


def _tools(
    documents: Documents, entities: Mapping[str, Entity], connectors: Mapping[str, Connector]
) -> dict[str, TypedTool]:
    app, problems = documents.app, documents.problems
    roles = app.roles if app else None
    checker = ToolChecker(entities, connectors, documents.broken, roles, problems)
    tools = checker.check(documents.tools, documents.remains)
    if not tools and not documents.broken and app is not None:
        span = app.app.span
        problems.append(Problem("no-tools", span, f"`{app.app}` has no tool", "add a document that starts with `tool`"))
    problems.extend(shared_routes(documents.tools))
    problems.extend(code_problems(documents))
    return check_policies(documents.policies, tools, documents.broken, roles, problems)
