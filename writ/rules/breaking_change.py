"""A tool breaks those who call it, compared with the release before, and its version stays the same.

Catches:
    Compared with the release that is published: a tool that is gone; an input that must now be given, that is no longer
    taken, or that takes fewer types or values; a part of the output that is gone, may now be missing, or has another
    type; each where the tool's `version` has not been raised.

Dangerous because:
    Services that were written against the old contract fail when the new one is published, and runs that wait for an
    approval or a payment at that moment meet a caller that does not understand their answer.

Avoid:
    tool: checkout
    version: 1
    input:
      type: object
      additionalProperties: false
      required: [product, quantity, address]
      properties:
        product: {type: string, format: uuid}
        quantity: {type: integer, minimum: 1, maximum: 100}
        address: {type: string, maxLength: 500}

Prefer:
    tool: checkout
    version: 2
    input:
      type: object
      additionalProperties: false
      required: [product, quantity, address]
      properties:
        product: {type: string, format: uuid}
        quantity: {type: integer, minimum: 1, maximum: 100}
        address: {type: string, maxLength: 500}

Cannot see:
    Whether anybody calls the tool, and how: that is why it is only likely. Roles, refusals and paths of HTTP that
    change, new values of an `enum` that is answered, and what `anyOf`, `oneOf`, `allOf`, `if` and `not` say.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.breakage import Breakage, broken_input, broken_output
from writ.graph.contracts import Part
from writ.nodes.typed import TypedTool
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Tools that are gone, and contracts that changed under the same version."""
    before = app.previous.app.tools if app.previous else {}
    for name, old in sorted(before.items()):
        if name not in app.app.tools:
            yield _gone(app, old)
    for tool in app.tools:
        was = before.get(tool.name)
        if was is not None and tool.tool.version <= was.version:
            yield from (_broken(app, tool, one) for one in _breakages(was, tool.tool))


def _breakages(old: TypedTool, new: TypedTool) -> Iterator[Breakage]:
    yield from broken_input(old.input_schema, new.input_schema, Part("input", "input"))
    yield from broken_output(old.output_schema, new.output_schema, Part("output", "output"))


def _gone(app: AppFacts, old: TypedTool) -> Found:
    return Found(
        span=app.app.span or old.span,
        path=f"{app.app.name}.{old.name}",
        message=f"the tool `{old.name}` is gone, which the release before has",
        help=f"keep `{old.name}` until nobody calls it",
        witness=(f"somebody calls `{old.name}` as before", "there is no such tool any more"),
        detail="gone",
    )


def _broken(app: AppFacts, tool: ToolFacts, breakage: Breakage) -> Found:
    spans = tool.tool.spans
    place = next((spans[one] for one in breakage.places if one in spans), tool.tool.span)
    version = tool.tool.version
    return Found(
        span=place,
        path=app.path(tool),
        message=f"`{breakage.name}` {breakage.what}, and `{tool.name}` still says `version: {version}`",
        help=f"write `version: {version + 1}`, or let the contract stay as wide as it was",
        witness=(
            f"somebody calls `{tool.name}` as its version {version} has promised",
            f"`{breakage.name}` {breakage.what}",
        ),
        detail=f"{breakage.name} {breakage.what}",
    )


RULE = Rule(
    id="TYP007",
    name="breaking-change",
    severity=Severity.harm,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
    compares=True,
)
