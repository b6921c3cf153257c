"""The history of runs keeps personal data as it is.

Catches:
    An app without `history: encrypted` of which a tool takes personal or secret data: a part of the input declared
    `personal`, or one that reaches a field declared `personal` or `secret`. It is told once for the app.

Dangerous because:
    The input of a run is kept in the workflow engine for as long as its history is, beside the database and outside its
    rights: whoever may look at runs there reads it, and erasing a row does not erase it.

Avoid:
    app: shop
    description: A small shop.

Prefer:
    app: shop
    description: A small shop.
    history: encrypted

Cannot see:
    Personal data in fields and inputs that are not declared as such, and who may look at runs. Ids of runs and search
    attributes never hold what an input says. It is a warning because a deployment may protect histories in another way.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Edit, Fix, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.personal_input import personal_inputs
from writ.rules.rule import Rule
from writ.source import Span

_SHOWN_AT_MOST = 5


def check(app: AppFacts) -> Iterator[Found]:
    """The app, where its histories are plain and there is something in them to protect."""
    if app.app.encrypted_history or app.app.span is None:
        return
    taken = [(tool, paths) for tool in app.every_tool.values() if (paths := personal_inputs(tool, secret=True))]
    if taken:
        yield _found(app, app.app.span, taken)


def _found(app: AppFacts, span: Span, taken: list[tuple[ToolFacts, frozenset[str]]]) -> Found:
    first = f"`{min(taken[0][1])}` of `{taken[0][0].name}`"
    more = f" and {len(taken) - 1} more" if len(taken) > 1 else ""
    return Found(
        span=span,
        path=app.app.name,
        message=f"histories of `{app.app.name}` keep what is personal in plain text: {first}{more}",
        help="add `history: encrypted`",
        related=tuple(_related(*one) for one in taken[:_SHOWN_AT_MOST]),
        fix=_fix(span),
    )


def _related(tool: ToolFacts, paths: frozenset[str]) -> Related:
    first = min(paths)
    place = f"input.properties.{first.split('.')[1]}" if "." in first else "input"
    return Related(tool.tool.spans.get(place, tool.tool.span), f"`{tool.name}` takes `{first}`")


def _fix(span: Span) -> Fix:
    """`app` is the first key of its document, so that the line behind it is free for another."""
    line = span.line + 1
    return Fix("add `history: encrypted`", (Edit(span.file, line, 1, line, 1, "history: encrypted\n"),))


RULE = Rule(
    id="DAT003",
    name="pii-in-history",
    severity=Severity.harm,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
