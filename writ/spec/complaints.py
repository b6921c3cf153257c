"""How a value that does not fit is described to its author: in words of the language, never of a library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from writ.problems import Problem, did_you_mean
from writ.spec.marked import Marked
from writ.spec.yaml12 import meaning

_SHOWN_AT_MOST = 60
_LIBRARY_ERRORS = frozenset(get_args(ErrorType))

# The library's name of a broken bound, and how the bound reads; the braces name an entry of the error's context.
_BOUNDS = {
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "multiple_of": "a multiple of {multiple_of}",
    "string_too_short": "at least {min_length} characters",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
}


def listed(words: Sequence[str]) -> str:
    """`a, b or c`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def quoted(value: object) -> str:
    """A value as a message shows it: as YAML writes it, in backticks, not too long."""
    word = (
        {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else str(value)
    )
    return f"`{word if len(word) <= _SHOWN_AT_MOST else word[:_SHOWN_AT_MOST] + '…'}`"


def wrong_type(expected: Sequence[str], marked: Marked, help: str = "") -> Problem:
    """The problem of a value of another type; `expected` are the types that fit, in words."""
    message = f"expected {listed(expected)}, found {_found(marked)}"
    return Problem("wrong-type", marked.span, message, help or _way_out(expected, marked))


def not_allowed(choices: Sequence[object], marked: Marked) -> Problem:
    """The problem of a value that is none of the fixed choices."""
    message = f"{quoted(marked.value)} is not {listed([quoted(choice) for choice in choices])}"
    words = [str(choice) for choice in choices]
    suggestion = did_you_mean(str(marked.value), words)
    return Problem("not-allowed", marked.span, message, suggestion if suggestion.startswith("did") else "")


def library_problem(error: ErrorDetails, marked: Marked, description: str) -> Problem:
    """The problem for what the validation library says about the value `marked`; `description` is that of its key."""
    context: dict[str, Any] = error.get("ctx", {})
    kind = error["type"]
    if kind in _BOUNDS:
        bound = (
            _BOUNDS[kind].format(**context).replace(" 1 entries", " 1 entry").replace(" 1 characters", " 1 character")
        )
        return Problem("out-of-bounds", marked.span, f"expected {bound}", description)
    if kind == "string_pattern_mismatch":
        form = description or f"it must match the regular expression `{context['pattern']}`"
        return Problem(
            "pattern", marked.span, f"{quoted(marked.value)} does not have the form that is needed here", form
        )
    if kind in {"value_error", "assertion_error"}:
        return Problem("not-allowed", marked.head, str(context["error"]), description)
    if kind not in _LIBRARY_ERRORS:
        return Problem(kind.replace("_", "-"), marked.head, error["msg"], description)
    return Problem("wrong-type", marked.span, f"{_found(marked)} cannot stand here", description)


def _found(marked: Marked) -> str:
    match marked.value:
        case None:
            return "nothing"
        case bool():
            return quoted(marked.value)
        case int() | float():
            return f"the number {quoted(marked.value)}"
        case str():
            return f"the text {quoted(marked.value)}"
        case list():
            return "a list"
        case _:
            return "a mapping"


def _way_out(expected: Sequence[str], marked: Marked) -> str:
    value = marked.value
    if value is None:
        return "write a value, or remove the key"
    if "a text" in expected and isinstance(value, int | float):
        return "put it in quotes to make it a text"
    if isinstance(value, str) and marked.style == "quoted" and _unquoted_fits(expected, value):
        return "remove the quotes"
    return ""


def _unquoted_fits(expected: Sequence[str], text: str) -> bool:
    match meaning(text).value:
        case bool():
            return "`true` or `false`" in expected
        case int():
            return "a whole number" in expected or "a number" in expected
        case float():
            return "a number" in expected
        case _:
            return False
