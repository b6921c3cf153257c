"""What a schema says about values: bounds that cross, patterns that are none, and examples that do not fit it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from writ.problems import Problem, did_you_mean
from writ.schemas import Schema
from writ.spec.complaints import quoted
from writ.spec.marked import Marked

_RANGES = (
    ("minLength", "maxLength"),
    ("minimum", "maximum"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)
_EXAMPLES = ("enum", "examples")
_ONE_EXAMPLE = ("const", "default")


def value_problems(marked: Marked) -> Iterator[Problem]:
    """The problems of one schema that is sound in itself, without those of the schemas inside of it."""
    entries = marked.value
    if not isinstance(entries, dict):
        return
    yield from _ranges(marked, entries)
    patterns = list(_patterns(entries))
    yield from patterns
    yield from _undeclared(entries)
    if "enum" in entries and not entries["enum"].value:
        yield Problem("empty-range", marked.key_spans["enum"], "no value can be one of an empty `enum`")
    elif not patterns:
        yield from _examples(marked, entries)


def _ranges(marked: Marked, entries: dict[str, Marked]) -> Iterator[Problem]:
    for low, high in _RANGES:
        least, most = (entries[key].value if key in entries else None for key in (low, high))
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            yield Problem("empty-range", marked.key_spans[low], f"`{low}` is above `{high}`: no value can fit")


def _patterns(entries: dict[str, Marked]) -> Iterator[Problem]:
    named = entries.get("patternProperties")
    written = [named.key(name) for name in named.value] if named and isinstance(named.value, dict) else []
    for pattern in [*([entries["pattern"]] if "pattern" in entries else []), *written]:
        if not _compiles(str(pattern.value)):
            message = f"`{pattern.value}` is not a regular expression"
            yield Problem("pattern", pattern.span, message, "special characters such as `(` are written `\\(`")


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
        Schema({"pattern": pattern})
    except (ValueError, re.error, OverflowError, RecursionError):
        return False
    return True


def _undeclared(entries: dict[str, Marked]) -> Iterator[Problem]:
    """Required properties that nothing describes: misspelt, or forgotten."""
    properties, required = entries.get("properties"), entries.get("required")
    if properties is None or required is None or "patternProperties" in entries:
        return
    if isinstance(properties.value, dict) and isinstance(required.value, list):
        for name in required.value:
            if name.value not in properties.value:
                help = did_you_mean(str(name.value), properties.value)
                yield Problem("undeclared-value", name.span, f"`{name.value}` is required but not declared", help)


def _examples(marked: Marked, entries: dict[str, Marked]) -> Iterator[Problem]:
    """Values that the schema itself gives, but does not allow."""
    given = [*_given(entries)]
    if not given:
        return
    schema = Schema({key: value.plain() for key, value in entries.items()})
    for key, value in given:
        for pointer, reason in schema.violations(value.plain())[:1]:
            what = f"`{pointer}`" if pointer else quoted(value.value) if not _nested(value) else "this"
            help = f"`{key}` gives a value that this schema itself does not allow"
            yield Problem("example", value.head, f"{what} {reason}", help)


def _given(entries: dict[str, Marked]) -> Iterator[tuple[str, Marked]]:
    for key in _ONE_EXAMPLE:
        if key in entries:
            yield key, entries[key]
    for key in _EXAMPLES:
        values = entries[key].value if key in entries else None
        if isinstance(values, list):
            yield from ((key, value) for value in values)


def _nested(value: Marked) -> bool:
    return isinstance(value.value, list | dict)
