"""Numbers in a schema: each must be one that the canonical form of a release, and JSON elsewhere, carries exactly."""

from __future__ import annotations

from collections.abc import Iterator

from writ.problems import Problem
from writ.spec.marked import Marked
from writ.values.wire import LARGEST_INTEGER


def number_problems(marked: Marked) -> Iterator[Problem]:
    """The numbers of a schema, wherever they stand in it, that lie beyond 2^53 - 1 in either direction."""
    value = marked.value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from number_problems(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) > LARGEST_INTEGER:
        message = "this number lies beyond 2^53 - 1, where whole numbers are no longer exact"
        yield Problem("out-of-bounds", marked.span, message, f"write at most {LARGEST_INTEGER}")
