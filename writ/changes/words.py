"""Words that several kinds of change are told in."""

from __future__ import annotations


def rows(scope: str) -> str:
    """The rows that a role may reach: those of a scope, `all` or `own`."""
    return "all rows" if scope == "all" else "its own rows"
