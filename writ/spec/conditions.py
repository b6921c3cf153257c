"""`where`: a mapping from fields to values, or to conditions such as `{at_least: input.from, when:
has(input.from)}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from writ.problems import Problem, did_you_mean
from writ.spec.absence import VALUE, Standing
from writ.spec.expressions import Names, check_expression, typed_expression
from writ.spec.marked import Marked
from writ.spec.resolved import Condition, Entity, EntityField, Operator, TypedExpression
from writ.spec.shape import Expr, Name
from writ.values import Anything, Boolean, Date, Integer, ListOf, Money, Number, Text, Timestamp, ValueType

OPERATORS: tuple[Operator, ...] = get_args(Operator)
_ORDERING = frozenset({"at_least", "at_most", "above", "below"})
_ORDERED = (Integer, Number, Timestamp, Date, Text, Anything)
_EXCLUDE_EACH_OTHER = (("at_least", "above"), ("at_most", "below"))
_ALONE = ("equals", "among")


def check_where(
    where: Mapping[Name, Marked], entity: Entity, names: Names, problems: list[Problem]
) -> tuple[Condition, ...]:
    """The conditions of a `where` on an entity."""
    found: list[Condition] = []
    for name, marked in where.items():
        field = entity.fields.get(name)
        if field is None:
            problems.append(unknown_field(name, entity))
        elif name == "archived_at":
            help = "leave it out: archived rows are never found"
            problems.append(Problem("needless-condition", name.span, "`archived_at` says nothing here", help))
        elif isinstance(marked.value, dict):
            found.extend(_Conditions(field, marked, marked.value, names, problems).checked())
        else:
            value = typed_expression(marked, names, field.type, problems, standing=Standing("condition"))
            found.extend([Condition(field, "equals", value)] if value else [])
    return tuple(found)


def unknown_field(name: Name, entity: Entity) -> Problem:
    """The problem of a field the entity does not have, at the place of its name."""
    message = f"`{entity.name}` has no field `{name}`"
    return Problem("unknown-field", name.span, message, did_you_mean(name, entity.fields))


class _Conditions:
    """The conditions on one field."""

    def __init__(
        self, field: EntityField, marked: Marked, written: Mapping[str, Marked], names: Names, problems: list[Problem]
    ) -> None:
        self._field = field
        self._marked = marked
        self._written = written
        self._names = names
        self._problems = problems

    def checked(self) -> list[Condition]:
        wrong = list(self._key_problems())
        self._problems.extend(wrong)
        when, names = self._when()
        built = [self._condition(key, self._written[key], when, names) for key in OPERATORS if key in self._written]
        return [condition for condition in built if condition]

    def _key_problems(self) -> Iterator[Problem]:
        spans = self._marked.key_spans
        if isinstance(self._field.type, Money) and {*self._written} == {"amount", "currency"}:
            help = "write it as one expression: \"{'amount': 1250, 'currency': 'EUR'}\""
            yield Problem("wrong-type", self._marked.head, "an amount of money is one value here", help)
            return
        for key in self._written:
            if key not in OPERATORS and key != "when":
                help = did_you_mean(key, [*OPERATORS, "when"])
                yield Problem("unknown-key", spans[key], f"`{key}` is not a condition", help)
        if not self._written.keys() - {"when"}:
            help = f"write one of {', '.join(OPERATORS)}"
            yield Problem("missing-key", self._marked.head, f"no condition for `{self._field.name}`", help)
        yield from self._contradictions()

    def _contradictions(self) -> Iterator[Problem]:
        """Conditions that say the same thing twice, or one of which leaves nothing to say for the others."""
        written = [key for key in OPERATORS if key in self._written]
        for first, second in _EXCLUDE_EACH_OTHER:
            if first in written and second in written:
                yield self._beside(second, first)
        alone = next((key for key in _ALONE if key in written), None)
        if alone is None and "present" in written and self._written["present"].value is False:
            alone = "present"
        if alone and len(written) > 1:
            yield self._beside(next(key for key in written if key != alone), alone)

    def _beside(self, key: str, other: str) -> Problem:
        message = f"`{key}` has no meaning beside `{other}`"
        return Problem("misplaced-key", self._marked.key_spans[key], message, "keep one of the two")

    def _when(self) -> tuple[TypedExpression | None, Names]:
        if "when" not in self._written:
            return None, self._names
        expr = Expr.shaped(self._written["when"])
        if isinstance(expr, Problem):
            self._problems.append(expr)
            return None, self._names
        checked = check_expression(expr, self._names, Boolean(), self._problems)
        return (checked.typed, self._names.knowing(checked.implies)) if checked else (None, self._names)

    def _condition(
        self, operator: Operator, marked: Marked, when: TypedExpression | None, names: Names
    ) -> Condition | None:
        if operator == "present":
            return self._presence(marked, when)
        if operator in _ORDERING and not isinstance(self._field.type, _ORDERED):
            message = f"`{self._field.name}` has no order, so `{operator}` has no meaning"
            self._report("expression-type", operator, message, "use `equals`, `differs` or `among`")
            return None
        if operator == "among" and isinstance(self._field.type, Money | ListOf):
            message = f"`{self._field.name}` cannot be looked for among several values"
            self._report("expression-type", operator, message, "use `equals`")
            return None
        expected: ValueType = ListOf(element=self._field.type) if operator == "among" else self._field.type
        value = typed_expression(marked, names, expected, self._problems, standing=self._standing(operator, when))
        return Condition(self._field, operator, value, when) if value else None

    def _standing(self, operator: Operator, when: TypedExpression | None) -> Standing:
        """One `when` is for all conditions on the field, so that only what stands alone can be given its own."""
        alone = not self._written.keys() - {operator, "when"} and (when is not None) == ("when" in self._written)
        return Standing("condition", operator, when.source if when else "") if alone else VALUE

    def _presence(self, marked: Marked, when: TypedExpression | None) -> Condition | None:
        if not isinstance(marked.value, bool):
            self._problems.append(Problem("wrong-type", marked.span, "expected `true` or `false`"))
            return None
        if not self._field.optional and not isinstance(self._field.type, Anything):
            message = f"`{self._field.name}` always has a value"
            self._report("needless-condition", "present", message, "leave it out, or make the field `optional`")
        return Condition(self._field, "present", None, when, marked.value)

    def _report(self, code: str, key: str, message: str, help: str) -> None:
        self._problems.append(Problem(code, self._marked.key_spans[key], message, help))
