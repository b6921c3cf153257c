"""Tenants: which field of an entity says to which tenant a row belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from writ.problems import Problem, did_you_mean
from writ.spec.entity_documents import EntityDocument
from writ.spec.resolved import Entity
from writ.values import Anything, Text

_HELP = "a tenant is a text field that every row has and that holds the principal's tenant"


def with_tenants(
    entities: Mapping[str, Entity], documents: Mapping[str, EntityDocument], problems: list[Problem]
) -> dict[str, Entity]:
    """The entities with their tenants; each wrong one is told, and taken all the same."""
    return {name: _with_tenant(entity, documents[name], problems) for name, entity in entities.items()}


def _with_tenant(entity: Entity, document: EntityDocument, problems: list[Problem]) -> Entity:
    tenant = document.tenant
    if tenant is None:
        return entity
    if tenant not in document.fields:
        message = f"`{entity.name}` has no field `{tenant}`"
        problems.append(Problem("unknown-field", tenant.span, message, did_you_mean(tenant, document.fields)))
    elif reason := _not_a_tenant(entity, tenant):
        problems.append(Problem("tenant", tenant.span, reason, _HELP))
    return replace(entity, tenant=str(tenant))


def _not_a_tenant(entity: Entity, tenant: str) -> str:
    """Why the field cannot say whose tenant's a row is; empty where it can."""
    field = entity.fields[tenant]
    if isinstance(field.type, Anything):
        return ""
    if not isinstance(field.type, Text):
        return f"`{tenant}` is not a text"
    if field.optional:
        return f"`{tenant}` is optional: a row without it would belong to no tenant"
    return f"`{tenant}` has a default: rows would belong to that tenant" if field.default is not None else ""
