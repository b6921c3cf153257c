"""What templates mean for given values."""

from __future__ import annotations

from collections.abc import Mapping

from writ.plan.model import Expression, ListTemplate, Template
from writ.program import ABSENT, EvaluationFailed, Expressions
from writ.refusals import Refused, refusal
from writ.values.types import ValueType
from writ.values.wire import Json, Mismatch, normalise


def fill(template: Template, expressions: Expressions, values: Mapping[str, Json]) -> Json:
    """The value of a template, or `ABSENT`; entries and elements that are absent are left out, keys are sorted.

    EvaluationFailed where an expression in it cannot be computed.
    """
    if isinstance(template, Expression):
        return expressions.evaluate(template, values)
    if isinstance(template, ListTemplate):
        items = (fill(item, expressions, values) for item in template.items)
        return [item for item in items if item is not ABSENT]
    entries = ((key, fill(template.entries[key], expressions, values)) for key in sorted(template.entries))
    return {key: entry for key, entry in entries if entry is not ABSENT}


def fill_or_refuse(
    name: str, template: Template, type: ValueType, expressions: Expressions, values: Mapping[str, Json]
) -> Json:
    """The value of the node `name` as `type`, or the refusal `value_not_computable`; `ABSENT` stays absent."""
    try:
        value = fill(template, expressions, values)
        return value if value is ABSENT else normalise(value, type)
    except (EvaluationFailed, Mismatch):
        raise Refused(refusal("value_not_computable", name, message=f"`{name}` could not be computed.")) from None


def holds_or_refuse(name: str, condition: Expression, expressions: Expressions, values: Mapping[str, Json]) -> bool:
    """Whether the condition of the node `name` holds, or the refusal `guard_not_computable`."""
    try:
        return expressions.holds(condition, values)
    except EvaluationFailed:
        message = f"`{name}` could not be computed, so it does not hold."
        raise Refused(refusal("guard_not_computable", name, message=message)) from None
