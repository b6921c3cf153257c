"""Ownership: whose rows a statement may see, as SQL, through references where the owner is another row's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.expression import ColumnElement

from writ.plan.statement import Parameters
from writ.spec.resolved import Entity

Tables = Mapping[str, sa.Table]
Entities = Mapping[str, Entity]
Columns = ReadOnlyColumnCollection[str, Any]


def owned(
    entity: Entity,
    columns: Columns,
    entities: Entities,
    tables: Tables,
    parameters: Parameters,
) -> ColumnElement[bool] | None:
    """That the principal sees all rows or owns this one; None where the entity has no owner."""
    if entity.owner is None:
        return None
    return owned_by(entity, columns[entity.owner], entities, tables, parameters)


def owned_by(
    entity: Entity, owner: ColumnElement[Any], entities: Entities, tables: Tables, parameters: Parameters
) -> ColumnElement[bool]:
    """As `owned`, for a row whose owner would be `owner`: a value about to be written."""
    sees_all = parameters.sees_all()
    return sa.or_(sees_all, chain(entity, owner, entities, tables, lambda column: column == parameters.subject()))


def chain(
    entity: Entity,
    owner: ColumnElement[Any],
    entities: Entities,
    tables: Tables,
    is_subject: Callable[[ColumnElement[Any]], ColumnElement[bool]],
    depth: int = 1,
) -> ColumnElement[bool]:
    """That the chain of references from `owner` ends at the subject. Archived rows on the way still own."""
    field = entity.fields[str(entity.owner)]
    if field.references is None:
        return is_subject(owner)
    if depth > len(entities):
        raise ValueError(f"the owner of `{entity.name}` leads in a circle")
    parent = entities[field.references]
    row = tables[parent.name].alias(f"owner_{depth}")
    further = chain(parent, row.c[str(parent.owner)], entities, tables, is_subject, depth + 1)
    found: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(row).where(row.c.id == owner, further)
    return sa.exists(found.correlate_except(row))
