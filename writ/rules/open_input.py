"""An input that takes what nobody has thought of: unnamed properties, texts and lists of any length, untyped values.

Catches:
    In the `input` of a tool, at any depth: an object without `additionalProperties: false`, a text without `maxLength`,
    `enum`, `format` or a `pattern` that bounds it, a list without `maxItems`, and a part without a `type`. The input of
    a webhook is one too.

Dangerous because:
    What is let in travels: into the history of the run, into the audit record, into requests to others. Properties that
    nobody declared are the usual way to smuggle in what a later version reads; a text of some megabytes stops a run.

Avoid:
    input:
      type: object
      required: [note]
      properties: {note: {type: string}}

Prefer:
    input:
      type: object
      additionalProperties: false
      required: [note]
      properties: {note: {type: string, maxLength: 500}}

Cannot see:
    Whether a bound is sensible. Parts of `anyOf`, `oneOf` and `allOf` without a `type` of their own only add to what
    stands around them and are left to it, as are `if`, `then`, `else` and `not`. Nothing need come of an open input:
    that is why it is only a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from writ.findings import Confidence, Edit, Fix, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.contracts import Gap, Part, open_parts
from writ.rules.rule import Rule
from writ.source import Span

_INDENT = 2
"""Columns by which a key stands below the one it belongs to; with a brace before it, it stands further to the right."""

_OPEN: Mapping[Gap, tuple[str, str]] = {
    "names": ("takes properties that nobody has declared", "add `additionalProperties: false` to it"),
    "length": ("may be a text of any length", "give it a `maxLength`"),
    "count": ("may be a list of any length", "give it `maxItems`"),
    "type": ("may be anything", "give it a `type`"),
}


def check(app: AppFacts) -> Iterator[Found]:
    """The open parts of every input."""
    for tool in app.tools:
        for part, gap in open_parts(tool.tool.input_schema, Part("input", "input")):
            yield _found(app, tool, part, gap)


def _found(app: AppFacts, tool: ToolFacts, part: Part, gap: Gap) -> Found:
    what, way_out = _OPEN[gap]
    return Found(
        span=tool.tool.spans.get(part.place, tool.tool.span),
        path=app.path(tool),
        message=f"`{part.name}` {what}",
        help=way_out,
        witness=(f"somebody calls `{tool.name}` with a `{part.name}` that it never expected", "it is let in and kept"),
        fix=_fix(tool.tool.spans, part) if gap == "names" else None,
        detail=f"{part.place} {gap}",
    )


def _fix(spans: Mapping[str, Span], part: Part) -> Fix | None:
    """Only where it is certain how the object is written: in braces on the line of its key, or one key below the
    other.
    """
    head, type, written = (spans.get(f"{part.place}{key}") for key in ("", ".type", ".additionalProperties"))
    if head is None or type is None or written is not None:
        return None
    if head.line == type.line:
        text = "additionalProperties: false, "
    elif type.column == head.column + _INDENT:
        text = f"additionalProperties: false\n{' ' * (type.column - 1)}"
    else:
        return None
    edit = Edit(type.file, type.line, type.column, type.line, type.column, text)
    return Fix("close the object", (edit,))


RULE = Rule(
    id="TYP006",
    name="open-input",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
