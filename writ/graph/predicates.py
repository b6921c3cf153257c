"""What the conditions of a `where` amount to: nothing, a key, or a key only at times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from writ.graph.outcomes import outcomes
from writ.spec.resolved import Condition, Entity, EntityField, TypedExpression
from writ.values import EvaluationFailed, Program
from writ.values.syntax import Call, ListLiteral, Literal, Name, Node
from writ.values.types import Enumeration

_KEPT_SINCE = frozenset({"created_at", "updated_at"})
_FIRST_VERSION = 1
_LONG_AGO = "2000"
_LEAST_INTEGER, _GREATEST_INTEGER = -(2**63), 2**63 - 1


def narrowing(where: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions that can leave a row out: without those that every row meets and those that never apply."""
    return tuple(it for it in where if not _is_literal(it.when, False) and not met_by_every_row(it))


def unconditional(where: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions that always apply: without a `when`, or with one that is always true."""
    return tuple(it for it in where if it.when is None or _is_literal(it.when, True))


def bound_to_key(entity: Entity, where: Sequence[Condition]) -> bool:
    """Whether the conditions fix the id, a unique field or all fields of a unique set: at most one row is meant."""
    fixed = {it.field.name for it in where if it.operator == "equals"}
    if any(it.field.name in fixed and (it.field.unique or it.field.name == "id") for it in where):
        return True
    return any(fixed.issuperset(names) for names in entity.unique)


def applying(where: Sequence[Condition], passed: Sequence[Node]) -> Iterable[tuple[Condition, ...]]:
    """Every selection of the conditions that may apply together, where the conditions `passed` are known to be true."""
    whens = [it.when.tree if it.when else None for it in where]
    for outcome in outcomes(whens, passed):
        yield tuple(it for it, applies in zip(where, outcome, strict=True) if applies)


def met_by_every_row(condition: Condition) -> bool:
    """Whether it is written so that it leaves no row out, such as `version: {at_least: 0}`."""
    field = condition.field
    if field.optional:
        return False
    if condition.operator == "present":
        return condition.expects
    if condition.value is None:
        return False
    if field.name in _KEPT_SINCE:
        return _always_since(condition.operator, condition.value)
    if condition.operator == "among":
        return _all_there_are(field, condition.value)
    return _beyond(field, condition.operator, constant(condition.value))


def constant(expression: TypedExpression) -> object:
    """The value of an expression that reads nothing; None where it reads something or cannot be computed."""
    if isinstance(expression.tree, Literal):
        return expression.tree.value
    if expression.references or expression.tree is None:
        return None
    try:
        return Program.compile(expression.source, {}, expression.type).evaluate({})
    except EvaluationFailed:
        return None


def _always_since(operator: str, value: TypedExpression) -> bool:
    """Whether every row there is was made, or changed, on that side of a moment."""
    if operator in ("at_most", "below"):
        return _is_now_or_later(value.tree)
    moment = constant(value)
    return operator in ("at_least", "above") and isinstance(moment, str) and moment < _LONG_AGO


def _is_now_or_later(tree: Node | None) -> bool:
    match tree:
        case Name(name="now"):
            return True
        case Call(function="_+_", arguments=(moment, Call(function="duration", arguments=(Literal(value=str(long)),)))):
            return _is_now_or_later(moment) and not long.startswith("-")
    return False


def _all_there_are(field: EntityField, value: TypedExpression) -> bool:
    if isinstance(field.type, Enumeration):
        return _texts(value.tree) >= set(field.type.values)
    elements = value.tree.elements if isinstance(value.tree, ListLiteral) else ()
    return {True, False} <= {one.value for one in elements if isinstance(one, Literal) and isinstance(one.value, bool)}


def _beyond(field: EntityField, operator: str, value: object) -> bool:
    """Whether the field's own bounds already say it."""
    if isinstance(value, str):
        return value == "" and (operator == "at_least" or (operator == "differs" and bool(field.min_length)))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    least = _FIRST_VERSION if field.system and field.name == "version" else field.minimum
    least, most = (
        _LEAST_INTEGER if least is None else least,
        _GREATEST_INTEGER if field.maximum is None else field.maximum,
    )
    above = {"at_least": least >= value, "above": least > value}
    below = {"at_most": most <= value, "below": most < value}
    outside = value < least or value > most
    return {**above, **below, "differs": outside}.get(operator, False)


def _texts(tree: Node | None) -> set[str]:
    elements = tree.elements if isinstance(tree, ListLiteral) else ()
    return {one.value for one in elements if isinstance(one, Literal) and isinstance(one.value, str)}


def _is_literal(expression: TypedExpression | None, value: bool) -> bool:
    return expression is not None and constant(expression) is value
