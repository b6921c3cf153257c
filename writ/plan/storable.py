"""Whether PostgreSQL can hold an app under the names its author chose."""

from __future__ import annotations

from collections.abc import Iterator

from writ.nodes.typed import TypedApp
from writ.plan.columns import columns_of
from writ.plan.identifiers import LONGEST_COLUMN, is_reserved_schema, table_name
from writ.problems import Problem
from writ.spec.resolved import Entity, EntityField


def storage_problems(app: TypedApp) -> list[Problem]:
    """Names that are too long, taken, or meet another's."""
    return [
        *_schema(app),
        *_tables(app),
        *(problem for entity in app.entities.values() for problem in _columns(entity)),
    ]


def _schema(app: TypedApp) -> Iterator[Problem]:
    if is_reserved_schema(app.name):
        spans = [*(it.span for it in app.entities.values()), *(it.span for it in app.tools.values())]
        help = "an app's tables live in the PostgreSQL schema of its name, and this one is taken or too long"
        for span in spans[:1]:
            yield Problem("reserved-app-name", span, f"an app cannot be called `{app.name}`", help)


def _tables(app: TypedApp) -> Iterator[Problem]:
    tables: dict[str, Entity] = {}
    for _, entity in sorted(app.entities.items()):
        other = tables.setdefault(table_name(entity.name), entity)
        if other is not entity:
            message = f"`{entity.name}` and `{other.name}` would have the same table"
            yield Problem("same-table", entity.span, message, "choose another name for one of them")


def _columns(entity: Entity) -> Iterator[Problem]:
    taken: dict[str, EntityField] = {}
    for field in entity.fields.values():
        for column in columns_of(field):
            other = taken.setdefault(column.name, field)
            if other is not field:
                message = (
                    f"`{field.name}` and `{other.name}` of `{entity.name}` would have the same column `{column.name}`"
                )
                yield Problem("same-column", field.span, message, "choose another name for one of them")
            if len(column.name.encode()) > LONGEST_COLUMN:
                help = f"a column has at most {LONGEST_COLUMN} bytes; an amount of money needs 9 more than its name"
                yield Problem("name-too-long", field.span, f"the name `{field.name}` is too long", help)
