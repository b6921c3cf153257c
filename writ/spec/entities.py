"""Entity documents to entities: fields, life cycle, owner and unique keys resolved; invariants come after, with all
rows known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from writ.lifecycle import Lifecycle
from writ.problems import Problem, did_you_mean
from writ.spec.documents import EntityDocument
from writ.spec.fields import resolve_field, row_type, system_fields
from writ.spec.resolved import Entity, EntityField
from writ.values import Enumeration, Text


def resolve_entities(
    documents: Mapping[str, EntityDocument], known: frozenset[str], problems: list[Problem]
) -> dict[str, Entity]:
    """All entities, without their invariants. `known` names them and those whose documents are broken."""
    entities = {name: _resolve(document, known, problems) for name, document in documents.items()}
    return {name: _with_owner(entity, documents[name], entities, problems) for name, entity in entities.items()}


def _resolve(document: EntityDocument, known: frozenset[str], problems: list[Problem]) -> Entity:
    span = document.marked.key_spans["entity"]
    if not document.fields:
        problems.append(Problem("no-fields", document.marked.key_spans["fields"], f"`{document.entity}` has no fields"))
    fields: dict[str, EntityField] = {}
    for name, field in document.fields.items():
        resolved = resolve_field(name, name.span, field, known, problems)
        if resolved:
            fields[name] = resolved
    lifecycle = _lifecycle(document, problems)
    states = Enumeration(values=lifecycle.states, of=f"states of {document.entity}") if lifecycle else None
    fields |= {field.name: field for field in system_fields(span, states)}
    return Entity(
        name=document.entity,
        description=document.description,
        span=span,
        fields=fields,
        row=row_type(document.entity, fields),
        lifecycle=lifecycle,
        unique=_unique(document, fields, problems),
    )


def _lifecycle(document: EntityDocument, problems: list[Problem]) -> Lifecycle | None:
    if not document.states:
        return None
    for state in document.states.values():
        problems.extend(
            Problem(
                "unknown-state",
                target.span,
                f"`{document.entity}` has no state `{target}`",
                did_you_mean(target, document.states),
            )
            for target in state.to
            if target not in document.states
        )
    initial = [name for name, state in document.states.items() if state.initial]
    if len(initial) != 1:
        how_many = "no state is" if not initial else f"{len(initial)} states are"
        help = "write `initial: true` at exactly one state: the one a new row has"
        problems.append(
            Problem("initial-state", document.marked.key_spans["states"], f"{how_many} the initial one", help)
        )
    moves = {str(name): tuple(str(to) for to in state.to) for name, state in document.states.items()}
    return Lifecycle(tuple(moves), str(initial[0]) if initial else next(iter(moves)), moves)


def _unique(
    document: EntityDocument, fields: Mapping[str, EntityField], problems: list[Problem]
) -> tuple[tuple[str, ...], ...]:
    problems.extend(
        Problem("unknown-field", name.span, f"`{document.entity}` has no field `{name}`", did_you_mean(name, fields))
        for key in document.unique
        for name in key
        if name not in fields and name not in document.fields
    )
    return tuple(tuple(str(name) for name in key) for key in document.unique if key)


def _with_owner(
    entity: Entity, document: EntityDocument, entities: Mapping[str, Entity], problems: list[Problem]
) -> Entity:
    if document.owner is None or document.owner not in document.fields:
        if document.owner is not None:
            help = did_you_mean(document.owner, document.fields)
            problems.append(
                Problem("unknown-field", document.owner.span, f"`{entity.name}` has no field `{document.owner}`", help)
            )
        return entity
    reason = _not_an_owner(entity, str(document.owner), entities)
    if reason:
        help = (
            "an owner is a text field that holds a principal's subject, or a reference to an entity that has an owner"
        )
        problems.append(Problem("owner", document.owner.span, reason, help))
    return replace(entity, owner=str(document.owner))


def _not_an_owner(entity: Entity, owner: str, entities: Mapping[str, Entity]) -> str | None:
    """Why the field cannot say whose a row is, or None."""
    field = entity.fields.get(owner)
    if field is None:
        return None
    if field.optional:
        return f"`{owner}` is optional: a row without it would belong to nobody"
    if field.references is None:
        return None if isinstance(field.type, Text) else f"`{owner}` is neither a text nor a reference"
    return None


def check_owner_chains(entities: Mapping[str, Entity], problems: list[Problem]) -> None:
    """Every owner that is a reference must lead, step by step, to a text field."""
    for entity in entities.values():
        problem = _chain_problem(entity, entities)
        if problem:
            problems.append(problem)


def _chain_problem(entity: Entity, entities: Mapping[str, Entity]) -> Problem | None:
    seen = [entity.name]
    current: Entity | None = entity
    while current and current.owner:
        field = current.fields.get(current.owner)
        if field is None or field.references is None:
            return None
        current = entities.get(field.references)
        if current and current.name in seen:
            return Problem(
                "owner", entity.span, f"the owner goes round in a circle: {' → '.join([*seen, current.name])}"
            )
        if current:
            seen.append(current.name)
    if current is None or current is entity:
        return None
    return Problem(
        "owner",
        entity.span,
        f"`{current.name}`, which says whose `{entity.name}` is, has no owner",
        f"give `{current.name}` an `owner`",
    )
