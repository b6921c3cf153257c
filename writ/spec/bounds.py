"""Bounds of a field: whether they make sense themselves, and whether a value an author wrote keeps within them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from writ.problems import Problem
from writ.spec.entity_documents import FieldDocument
from writ.spec.resolved import EntityField
from writ.values import Money
from writ.values.wire import LARGEST_INTEGER

_CURRENCY = re.compile(r"[A-Z]{3}")
_WHOLE = ("integer", "money")


def bounds_problems(document: FieldDocument) -> Iterator[Problem]:
    """Bounds that cross, that no value could meet, or that are no whole numbers where they must be."""
    spans = document.marked.key_spans
    for low, high in (("min_length", "max_length"), ("minimum", "maximum")):
        least, most = getattr(document, low), getattr(document, high)
        if least is not None and most is not None and least > most:
            yield Problem("empty-range", spans[low], f"`{low}` is above `{high}`: no value can fit")
    if document.type in _WHOLE:
        yield from _whole_problems(document)
    if document.values is not None and len(set(document.values)) != len(document.values):
        yield Problem("duplicate-value", spans["values"], "a value is listed twice", "keep one of the two")
    if document.values == []:
        yield Problem("empty-range", spans["values"], "an enumeration needs at least one value")


def _whole_problems(document: FieldDocument) -> Iterator[Problem]:
    for key in ("minimum", "maximum"):
        bound = getattr(document, key)
        span = document.marked.key_spans.get(key)
        if bound is None or span is None:
            continue
        if bound != int(bound):
            help = "amounts are in minor units, such as cents" if document.type == "money" else ""
            yield Problem("wrong-type", span, f"`{key}` of such a field is a whole number", help)
        elif abs(bound) > LARGEST_INTEGER:
            yield Problem("out-of-bounds", span, f"`{key}` lies beyond 2^53, where whole numbers are no longer exact")


def outside(field: EntityField, value: Any) -> str:
    """Why the field cannot hold this value of its type, as the end of a sentence; empty where it can."""
    if isinstance(field.type, Money):
        if not _CURRENCY.fullmatch(value["currency"]):
            return "has a currency that is not three capital letters, such as `EUR`"
        return _beyond(field, value["amount"])
    if isinstance(value, str):
        return _too_long(field, len(value))
    if isinstance(value, list):
        too_many = field.max_items is not None and len(value) > field.max_items
        return f"has more than {field.max_items} elements" if too_many else ""
    return _beyond(field, value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _too_long(field: EntityField, length: int) -> str:
    if field.min_length is not None and length < field.min_length:
        return f"is shorter than {field.min_length} characters"
    if field.max_length is not None and length > field.max_length:
        return f"is longer than {field.max_length} characters"
    return ""


def _beyond(field: EntityField, value: int | float) -> str:
    if field.minimum is not None and value < field.minimum:
        return f"is less than {field.minimum}"
    if field.maximum is not None and value > field.maximum:
        return f"is greater than {field.maximum}"
    return ""
