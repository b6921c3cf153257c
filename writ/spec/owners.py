"""Owners: which field of an entity says whose a row is, and that every chain of references ends at a principal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from writ.problems import Problem, did_you_mean
from writ.spec.entity_documents import EntityDocument
from writ.spec.resolved import Entity
from writ.values import Anything, Text

_SHOWN_AT_MOST = 8
_HELP = "an owner is a text field that holds a principal's subject, or a reference to an entity that has an owner"


def with_owners(
    entities: Mapping[str, Entity], documents: Mapping[str, EntityDocument], problems: list[Problem]
) -> dict[str, Entity]:
    """The entities with their owners. Each wrong one is told once, at the `owner` that has to change."""
    owned = {name: _with_owner(entity, documents[name], problems) for name, entity in entities.items()}
    for name, entity in owned.items():
        missing = _missing_end(entity, owned, documents)
        owner = documents[name].owner
        if missing and owner is not None:
            problems.append(Problem("owner", owner.span, *missing))
    problems.extend(_circle_problem(circle, documents) for circle in _circles(owned))
    return owned


def _with_owner(entity: Entity, document: EntityDocument, problems: list[Problem]) -> Entity:
    owner = document.owner
    if owner is None:
        return entity
    if owner not in document.fields:
        message = f"`{entity.name}` has no field `{owner}`"
        problems.append(Problem("unknown-field", owner.span, message, did_you_mean(owner, document.fields)))
        return replace(entity, owner=str(owner))
    reason = _not_an_owner(entity, owner)
    if reason:
        problems.append(Problem("owner", owner.span, reason, _HELP))
    return replace(entity, owner=str(owner))


def _not_an_owner(entity: Entity, owner: str) -> str:
    """Why the field cannot say whose a row is; empty where it can."""
    field = entity.fields[owner]
    if isinstance(field.type, Anything):
        return ""
    if field.optional:
        return f"`{owner}` is optional: a row without it would belong to nobody"
    if field.default is not None:
        return f"`{owner}` has a default: rows would belong to it, and not to whom they are for"
    return "" if field.references or isinstance(field.type, Text) else f"`{owner}` is neither a text nor a reference"


def _next(entity: Entity, entities: Mapping[str, Entity]) -> Entity | None:
    field = entity.fields.get(entity.owner or "")
    return entities.get(field.references) if field and field.references else None


def _missing_end(
    entity: Entity, entities: Mapping[str, Entity], documents: Mapping[str, EntityDocument]
) -> tuple[str, str] | None:
    target = _next(entity, entities)
    if target is None or documents[target.name].owner is not None:
        return None
    message = f"`{target.name}`, which says whose `{entity.name}` is, has no owner"
    return message, f"give `{target.name}` an `owner`"


def _circles(entities: Mapping[str, Entity]) -> Iterator[list[str]]:
    """Each circle once, from the first of its names; what merely leads to one is not wrong itself."""
    done: set[str] = set()
    for entity in entities.values():
        passed: dict[str, None] = {}
        current: Entity | None = entity
        while current and current.name not in passed and current.name not in done:
            passed[current.name] = None
            current = _next(current, entities)
        if current and current.name in passed:
            names = list(passed)
            circle = names[names.index(current.name) :]
            first = circle.index(min(circle))
            yield [*circle[first:], *circle[:first]]
        done |= passed.keys()


def _circle_problem(circle: list[str], documents: Mapping[str, EntityDocument]) -> Problem:
    owner = documents[circle[0]].owner
    shown = circle if len(circle) <= _SHOWN_AT_MOST else [*circle[:_SHOWN_AT_MOST], "…"]
    message = f"the owner goes round in a circle: {' → '.join([*shown, circle[0]])}"
    return Problem("owner", owner.span if owner else documents[circle[0]].marked.head, message, _HELP)
