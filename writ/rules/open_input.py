"""An input or a field that takes what nobody has thought of: unnamed properties, texts of any length, untyped values.

Catches:
    In the `input` of a tool, at any depth: an object without `additionalProperties: false`, a text without
    `maxLength`, `enum`, a `format` of bounded length or a `pattern` that bounds it, a list without `maxItems`, and a
    part without a `type`. The input of a webhook is one too. And in an entity: a text without `max_length`, a list
    without `max_items`.

Dangerous because:
    What is let in travels: into the history of the run, into the audit record, into requests to others. Properties that
    nobody declared are the usual way to smuggle in what a later version reads; a text of some megabytes stops a run.
    What a service answered is kept in a field as long as it is, and every list of such rows is that much larger.

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
    that is why it is only a warning. An owner and a field that is `unique` must have a `max_length` in any case. The
    texts in a list that is a field have no bound of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from writ.findings import Confidence, Edit, Fix, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.contracts import Gap, Part, open_gaps, open_parts
from writ.rules.rule import Rule
from writ.source import Span
from writ.spec.resolved import Entity, EntityField

_INDENT = 2
"""Columns by which a key stands below the one it belongs to; with a brace before it, it stands further to the right."""

_OPEN: Mapping[Gap, tuple[str, str]] = {
    "names": ("takes properties that nobody has declared", "add `additionalProperties: false` to it"),
    "length": ("may be a text of any length", "give it a `maxLength`"),
    "count": ("may be a list of any length", "give it `maxItems`"),
    "type": ("may be anything", "give it a `type`"),
}

_WAY_OUT_OF_FIELDS: Mapping[Gap, str] = {"length": "give it a `max_length`", "count": "give it `max_items`"}


def check(app: AppFacts) -> Iterator[Found]:
    """The open parts of every input and of every entity."""
    for tool in app.tools:
        for part, gap in open_parts(tool.tool.input_schema, Part("input", "input")):
            yield _found(app, tool, part, gap)
    for entity in app.app.entities.values():
        for field in entity.fields.values():
            if not field.system and field.name not in _keys(entity):
                yield from (_open_field(app, entity, field, gap) for gap in open_gaps(field))


def _keys(entity: Entity) -> frozenset[str]:
    """Its fields that stand in an index: they must have a bound before anything is judged."""
    alone = (field.name for field in entity.fields.values() if field.unique)
    return frozenset(alone).union({entity.owner or ""}, *entity.unique)


def _open_field(app: AppFacts, entity: Entity, field: EntityField, gap: Gap) -> Found:
    name = f"{entity.name}.{field.name}"
    return Found(
        span=field.span,
        path=f"{app.app.name}.{name}",
        message=f"`{name}` {_OPEN[gap][0]}",
        help=_WAY_OUT_OF_FIELDS[gap],
        witness=(f"a tool writes a `{name}` that nobody expected to be so large", "every list of such rows carries it"),
        detail=gap,
    )


def _found(app: AppFacts, tool: ToolFacts, part: Part, gap: Gap) -> Found:
    what, way_out = _OPEN[gap]
    return Found(
        span=tool.tool.spans.get(part.place, tool.tool.span),
        path=app.path(tool),
        message=f"`{part.name}` {what}",
        help=way_out,
        witness=(f"somebody calls `{tool.name}` with what nobody expected in `{part.name}`", "it is let in and kept"),
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
