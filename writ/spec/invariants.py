"""Invariants of entities: expressions over `this`, and over a figure of other rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from writ.problems import Problem, did_you_mean
from writ.source import Span
from writ.spec.authored import Name
from writ.spec.conditions import check_where, unknown_field
from writ.spec.entity_documents import AggregateDocument, EntityDocument, InvariantDocument
from writ.spec.expressions import CheckedExpression, Names, check_expression
from writ.spec.resolved import Aggregate, Entity, EntityField, ResolvedInvariant
from writ.values import Anything, Boolean, Integer, Number, ValueType


def with_invariants(
    entities: Mapping[str, Entity],
    documents: Mapping[str, EntityDocument],
    problems: list[Problem],
    broken: Collection[str] = (),
) -> dict[str, Entity]:
    """The entities with their invariants checked. `broken` names those whose documents are wrong."""
    resolving = _Resolving(entities, broken, problems)
    return {
        name: replace(entity, invariants=resolving.invariants(entity, documents[name]))
        for name, entity in entities.items()
    }


@dataclass(frozen=True, slots=True)
class _Resolving:
    entities: Mapping[str, Entity]
    broken: Collection[str]
    problems: list[Problem]

    def invariants(self, entity: Entity, document: EntityDocument) -> tuple[ResolvedInvariant, ...]:
        resolved = (self._one(name, invariant, entity) for name, invariant in document.invariants.items())
        return tuple(invariant for invariant in resolved if invariant)

    def _report(self, code: str, span: Span, message: str, help: str = "") -> None:
        self.problems.append(Problem(code, span, message, help))

    def _one(self, name: Name, document: InvariantDocument, entity: Entity) -> ResolvedInvariant | None:
        if document.count and document.sum:
            place = document.marked.key_spans["sum"]
            self._report(
                "misplaced-key", place, "an invariant has a `count` or a `sum`, not both", "write two invariants"
            )
            return None
        names = Names({"this": entity.row})
        aggregate = None
        figure = document.count or document.sum
        if figure:
            aggregate = self._aggregate(document, figure, names)
            if aggregate is None:
                return None
            names = names.with_name(aggregate.figure, _figure_type(aggregate))
        checked = check_expression(document.that, names, Boolean(), self.problems)
        if checked is None:
            return None
        self._check_used(document, aggregate, checked)
        return ResolvedInvariant(str(name), checked.typed, document.message, document.marked.head, aggregate)

    def _check_used(self, document: InvariantDocument, aggregate: Aggregate | None, checked: CheckedExpression) -> None:
        if aggregate and all(path[0] != aggregate.figure for path in checked.typed.references):
            message = f"`that` says nothing of the `{aggregate.figure}`"
            self._report("unused-figure", document.that.span, message, f"e.g. `{aggregate.figure} <= 1`")

    def _aggregate(self, document: InvariantDocument, figure: AggregateDocument, names: Names) -> Aggregate | None:
        counted = self.entities.get(figure.entity)
        if counted is None:
            if figure.entity not in self.broken:
                help = did_you_mean(figure.entity, self.entities)
                self._report("unknown-entity", figure.entity.span, f"there is no entity `{figure.entity}`", help)
            return None
        before = len(self.problems)
        of = self._summed(figure, counted) if document.sum else None
        if of is None and figure.of is not None and document.count:
            help = "leave `of` out, or write `sum`"
            self._report("misplaced-key", figure.of.span, "a `count` counts rows and has no `of`", help)
        where = check_where(figure.where, counted, names, self.problems)
        if len(self.problems) > before:
            return None
        return Aggregate("count" if document.count else "sum", counted.name, where, of)

    def _summed(self, figure: AggregateDocument, counted: Entity) -> EntityField | None:
        if figure.of is None:
            self._report("missing-key", figure.marked.head, "a `sum` needs `of`: the field it adds up")
            return None
        field = counted.fields.get(figure.of)
        if field is None:
            self.problems.append(unknown_field(figure.of, counted))
        elif not isinstance(field.type, Integer | Number | Anything):
            message = f"`{field.name}` is not a number and cannot be added up"
            self._report("expression-type", figure.of.span, message, "`of` names an integer or a number")
        return field


def _figure_type(aggregate: Aggregate) -> ValueType:
    return aggregate.of.type if aggregate.of else Integer()
