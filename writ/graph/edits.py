"""Where a mechanical fix adds a key to a node."""

from __future__ import annotations

from writ.findings import Edit, Fix
from writ.nodes.facts import Facts


def added_key(node: Facts, beside: str, text: str) -> Fix | None:
    """The fix that writes `text` (`limit: 100`) before the key `beside` of the node; None where it has no such key."""
    place = node.keys.get(beside)
    if place is None:
        return None
    in_one_line = sum(one.line == place.line for one in node.keys.values()) > 1
    added = f"{text}, " if in_one_line else f"{text}\n{' ' * (place.column - 1)}"
    return Fix(f"add `{text}`", (Edit(place.file, place.line, place.column, place.line, place.column, added),))
