"""Owners: which field of an entity says whose a row is, and that every chain of references ends at a principal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from writ.problems import Problem, did_you_mean
from writ.spec.documents import EntityDocument
from writ.spec.resolved import Entity
from writ.values import Anything, Text

_HELP = "an owner is a text field that holds a principal's subject, or a reference to an entity that has an owner"


def with_owners(
    entities: Mapping[str, Entity], documents: Mapping[str, EntityDocument], problems: list[Problem]
) -> dict[str, Entity]:
    """The entities with their owners. Each wrong one is told once, at the `owner` that has to change."""
    owned = {name: _with_owner(entity, documents[name], problems) for name, entity in entities.items()}
    for name, entity in owned.items():
        problem = _missing_end(entity, owned, documents) or _circle(entity, owned)
        owner = documents[name].owner
        if problem and owner is not None:
            problems.append(Problem("owner", owner.span, *problem))
    return owned


def _with_owner(entity: Entity, document: EntityDocument, problems: list[Problem]) -> Entity:
    owner = document.owner
    if owner is None:
        return entity
    if owner not in document.fields:
        message = f"`{entity.name}` has no field `{owner}`"
        problems.append(Problem("unknown-field", owner.span, message, did_you_mean(owner, document.fields)))
        return entity
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


def _circle(entity: Entity, entities: Mapping[str, Entity]) -> tuple[str, str] | None:
    """A circle is told at the first of its entities only; those that merely lead to it are not wrong themselves."""
    passed = [entity.name]
    current = _next(entity, entities)
    while current and current.name not in passed:
        passed.append(current.name)
        current = _next(current, entities)
    if current is None or current.name != entity.name or min(passed) != entity.name:
        return None
    return f"the owner goes round in a circle: {' → '.join([*passed, entity.name])}", _HELP
