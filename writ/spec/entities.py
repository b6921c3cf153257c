"""Entity documents to entities: fields, states, owner, tenant and unique keys resolved; invariants come after,
with all rows known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from writ.problems import Problem
from writ.spec.entity_documents import EntityDocument
from writ.spec.fields import resolve_field, row_type, system_fields
from writ.spec.owners import with_owners
from writ.spec.resolved import Entity
from writ.spec.states import resolve_states
from writ.spec.tenants import with_tenants
from writ.spec.unique import resolve_unique
from writ.values import Enumeration


def resolve_entities(
    documents: Mapping[str, EntityDocument], broken: Collection[str], problems: list[Problem]
) -> dict[str, Entity]:
    """All entities, without their invariants. `broken` names those whose documents are wrong."""
    entities = {name: _resolve(document, documents, broken, problems) for name, document in documents.items()}
    return with_tenants(with_owners(entities, documents, problems), documents, problems)


def _resolve(
    document: EntityDocument, known: Collection[str], broken: Collection[str], problems: list[Problem]
) -> Entity:
    span = document.marked.key_spans["entity"]
    if not document.fields:
        place = document.marked.key_spans["fields"]
        problems.append(Problem("no-fields", place, f"`{document.entity}` has no fields", "name at least one"))
    fields = {
        str(name): resolve_field(document.entity, name, name.span, field, known, problems, broken)
        for name, field in document.fields.items()
    }
    lifecycle = resolve_states(document, problems)
    states = Enumeration(values=lifecycle.states, of=f"states of {document.entity}") if lifecycle else None
    fields |= {field.name: field for field in system_fields(span, states)}
    return Entity(
        name=document.entity,
        description=document.description,
        span=span,
        fields=fields,
        row=row_type(document.entity, fields),
        lifecycle=lifecycle,
        unique=resolve_unique(document, fields, problems),
    )
