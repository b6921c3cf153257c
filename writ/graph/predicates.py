"""What the conditions of a `where` amount to: nothing, a key, or a key only at times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from writ.graph.outcomes import outcomes
from writ.spec.resolved import Condition, Entity, EntityField
from writ.values.syntax import ListLiteral, Literal, Name, Node
from writ.values.types import Enumeration

_KEPT_SINCE = frozenset({"created_at", "updated_at"})
_FIRST_VERSION = 1


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
    tree = condition.value.tree if condition.value else None
    if field.name in _KEPT_SINCE and condition.operator in ("at_most", "below"):
        return isinstance(tree, Name) and tree.name == "now"
    if condition.operator == "among":
        return isinstance(field.type, Enumeration) and _texts(tree) >= set(field.type.values)
    return isinstance(tree, Literal) and _beyond(field, condition.operator, tree.value)


def _beyond(field: EntityField, operator: str, value: object) -> bool:
    """Whether the field's own bounds already say it."""
    if isinstance(value, str):
        return value == "" and (operator == "at_least" or (operator == "differs" and bool(field.min_length)))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    least = _FIRST_VERSION if field.system and field.name == "version" else field.minimum
    most = field.maximum
    above = {"at_least": least is not None and least >= value, "above": least is not None and least > value}
    below = {"at_most": most is not None and most <= value, "below": most is not None and most < value}
    outside = (least is not None and value < least) or (most is not None and value > most)
    return {**above, **below, "differs": outside}.get(operator, False)


def _texts(tree: Node | None) -> set[str]:
    elements = tree.elements if isinstance(tree, ListLiteral) else ()
    return {one.value for one in elements if isinstance(one, Literal) and isinstance(one.value, str)}


def _is_literal(expression: object, value: bool) -> bool:
    tree = getattr(expression, "tree", None)
    return isinstance(tree, Literal) and tree.value is value
