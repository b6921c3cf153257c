"""Roles of an app: what each may, and that nothing names one that there is not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from writ.problems import Problem, did_you_mean
from writ.spec.documents import AppDocument, RoleDocument
from writ.spec.resolved import Role, TokenRules
from writ.spec.shape import Name


def resolved_roles(app: AppDocument) -> dict[str, Role]:
    """The roles of the app by name; one of which only a sentence is said is no staff and reads nothing special."""
    return {str(name): _role(name, written) for name, written in app.roles.items()}


def _role(name: Name, written: str | RoleDocument) -> Role:
    if isinstance(written, str):
        return Role(str(name), written, name.span)
    return Role(str(name), written.description, name.span, written.staff, tuple(dict.fromkeys(written.reads)))


def token_rules(app: AppDocument) -> TokenRules | None:
    """What the app says of tokens; None where it says nothing."""
    if app.auth is None:
        return None
    span, keys = app.marked.key_spans["auth"], app.auth.marked.key_spans
    algorithms, require = tuple(app.auth.algorithms), tuple(app.auth.require)
    return TokenRules(span, algorithms, app.auth.issuer, app.auth.audience, require, keys)


def role_problems(named: Iterable[Name], roles: Collection[str] | None) -> Iterator[Problem]:
    """Roles that the app does not have, or that are named twice. `roles` None: nobody can say which it has."""
    seen: set[str] = set()
    for role in named:
        if roles and role not in roles:
            message = f"the app has no role `{role}`"
            yield Problem("unknown-role", role.span, message, did_you_mean(role, roles))
        elif role in seen:
            yield Problem("duplicate-value", role.span, f"`{role}` is listed twice", "keep one of the two")
        seen.add(role)
