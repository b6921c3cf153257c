"""Invariants of entities: expressions over `this`, and over a figure of other rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from writ.problems import Problem, did_you_mean
from writ.spec.conditions import check_where, unknown_field
from writ.spec.documents import AggregateDocument, EntityDocument, InvariantDocument
from writ.spec.expressions import Names, check_expression
from writ.spec.resolved import Aggregate, Entity, EntityField, ResolvedInvariant
from writ.values import Boolean, Integer, Number, ValueType


def with_invariants(
    entities: Mapping[str, Entity], documents: Mapping[str, EntityDocument], problems: list[Problem]
) -> dict[str, Entity]:
    """The entities with their invariants checked."""
    return {
        name: replace(entity, invariants=_all(entity, documents[name], entities, problems))
        for name, entity in entities.items()
    }


def _all(
    entity: Entity, document: EntityDocument, entities: Mapping[str, Entity], problems: list[Problem]
) -> tuple[ResolvedInvariant, ...]:
    resolved = (_one(name, invariant, entity, entities, problems) for name, invariant in document.invariants.items())
    return tuple(invariant for invariant in resolved if invariant)


def _one(
    name: str, document: InvariantDocument, entity: Entity, entities: Mapping[str, Entity], problems: list[Problem]
) -> ResolvedInvariant | None:
    if document.count and document.sum:
        problems.append(
            Problem(
                "misplaced-key",
                document.marked.key_spans["sum"],
                "an invariant has a `count` or a `sum`, not both",
                "write two invariants",
            )
        )
        return None
    names = Names({"this": entity.row})
    aggregate = None
    if document.count or document.sum:
        aggregate = _aggregate(document, names, entities, problems)
        if aggregate is None:
            return None
        names = names.with_name(aggregate.figure, _figure_type(aggregate))
    checked = check_expression(document.that, names, Boolean(), problems)
    if checked is None:
        return None
    return ResolvedInvariant(str(name), checked.typed, document.message, document.marked.head, aggregate)


def _figure_type(aggregate: Aggregate) -> ValueType:
    return aggregate.of.type if aggregate.of else Integer()


def _aggregate(
    document: InvariantDocument, names: Names, entities: Mapping[str, Entity], problems: list[Problem]
) -> Aggregate | None:
    figure = document.count or document.sum
    if figure is None:
        return None
    counted = entities.get(figure.entity)
    if counted is None:
        help = did_you_mean(figure.entity, entities)
        problems.append(Problem("unknown-entity", figure.entity.span, f"there is no entity `{figure.entity}`", help))
        return None
    before = len(problems)
    of = _summed(document, figure, counted, problems)
    where = check_where(figure.where, counted, names, problems)
    if len(problems) > before:
        return None
    return Aggregate("count" if document.count else "sum", counted.name, where, of)


def _summed(
    document: InvariantDocument, figure: AggregateDocument, counted: Entity, problems: list[Problem]
) -> EntityField | None:
    if document.count:
        if figure.of is not None:
            problems.append(
                Problem(
                    "misplaced-key",
                    figure.of.span,
                    "a `count` counts rows and has no `of`",
                    "leave `of` out, or write `sum`",
                )
            )
        return None
    if figure.of is None:
        problems.append(Problem("missing-key", figure.marked.head, "a `sum` needs `of`: the field it adds up"))
        return None
    field = counted.fields.get(figure.of)
    if field is None:
        problems.append(unknown_field(figure.of, counted))
    elif not isinstance(field.type, Integer | Number):
        problems.append(
            Problem("expression-type", figure.of.span, f"`{field.name}` is not a number and cannot be added up")
        )
        return None
    return field
