"""What nodes that write existing rows share: how many rows they must touch, and what they bind."""

from __future__ import annotations

from writ.nodes.context import Context
from writ.problems import did_you_mean
from writ.source import Span
from writ.spec.marked import Marked
from writ.spec.resolved import Entity
from writ.spec.shape import Name
from writ.values import ListOf, ValueType

MOST_ROWS = 1000
"""No node touches more rows than this."""


def check_rows(marked: Marked | None, context: Context) -> tuple[int, int]:
    """The least and the most rows: exactly one if not said."""
    if marked is None:
        return 1, 1
    value = marked.value
    if isinstance(value, int) and not isinstance(value, bool):
        return _checked(value, value, marked.span, context)
    unknown = next((key for key in value if key not in ("at_least", "at_most")), "") if isinstance(value, dict) else ""
    if unknown:
        help = did_you_mean(unknown, ["at_least", "at_most"])
        context.problem("unknown-key", marked.key_spans[unknown], f"`{unknown}` is not a key of `expect_rows`", help)
        return 1, 1
    if not isinstance(value, dict) or not value:
        context.problem("wrong-type", marked.head, "expected a whole number, or `{at_least: …, at_most: …}`")
        return 1, 1
    least, most = (
        value[key].value if key in value else default for key, default in (("at_least", 0), ("at_most", MOST_ROWS))
    )
    if not isinstance(least, int) or not isinstance(most, int) or isinstance(least, bool) or isinstance(most, bool):
        context.problem("wrong-type", marked.head, "`at_least` and `at_most` are whole numbers")
        return 1, 1
    return _checked(least, most, marked.head, context)


def _checked(least: int, most: int, span: Span, context: Context) -> tuple[int, int]:
    if not 0 <= least <= most or not 1 <= most <= MOST_ROWS:
        context.problem(
            "out-of-bounds",
            span,
            f"the number of rows must lie between 1 and {MOST_ROWS}, the least not above the most",
        )
        return 1, 1
    return least, most


def bind_rows(name: Name, entity: Entity, rows: tuple[int, int], context: Context) -> None:
    """Bind the touched row, or the list of touched rows when there may be none or several."""
    type: ValueType = entity.row if rows == (1, 1) else ListOf(element=entity.row)
    context.bind(name, type)
