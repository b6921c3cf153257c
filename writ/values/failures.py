"""Why an expression could not be computed, in words, and without the values it was computed over."""

from __future__ import annotations

import re
from collections.abc import Iterable

from writ.values.syntax import Path
from writ.values.wire import Mismatch


class EvaluationFailed(Exception):
    """An expression that has no value. `reason` is short and holds no values; `source` is the expression."""

    def __init__(self, reason: str, source: str) -> None:
        super().__init__(f"`{source}` cannot be computed: {reason}")
        self.reason = reason
        self.source = source


_KEY = re.compile(r'Key not found in map : "(?P<key>[^"]*)"')
_NAME = re.compile(r'No value with name "(?P<name>[^"]*)"')
# part of the engine's text → our words
_REASONS = (
    ("Key not found", "a value it needs is missing"),
    ("No value with name", "a value it needs is missing"),
    ("divide by zero", "it divides by zero"),
    ("modulus by zero", "it divides by zero"),
    ("overflow", "a number is too large"),
    ("out of range", "a number is too large"),
    ("Index error", "a list has no such element"),
    ("index out of bounds", "a list has no such element"),
    ("conversion failed", "a conversion failed"),
    ("cannot convert", "a conversion failed"),
    ("Invalid timezone", "the time zone is not known"),
    ("regular expression", "the regular expression is not valid"),
    ("No matching overloads", "a value has the wrong type"),
    ("non-message type", "a value has the wrong type"),
    ("Non-CEL value", "a value it was given is not JSON"),
    ("Iteration budget", "it takes too many steps"),
    ("recursion", "it is nested too deeply"),
)


def reason_of(error: Exception | str, references: Iterable[Path]) -> str:
    """Our words for an error of the engine (raised or returned), or for values that do not fit their types.

    A missing key is named only where the expression itself writes it: a computed key could be somebody's data.
    """
    if isinstance(error, Mismatch):
        return str(error)
    text = str(error)
    written = {name for path in references for name in path}
    named = _KEY.search(text) or _NAME.search(text)
    if named and named[1] in written:
        return f"`{_shown(named[1], references)}` is missing"
    return next((words for part, words in _REASONS if part in text), "it has no value")


def _shown(name: str, references: Iterable[Path]) -> str:
    ends = {path[: path.index(name) + 1] for path in references if name in path}
    return ".".join(ends.pop()) if len(ends) == 1 else name
