"""The response of a service is used, although nothing says what it looks like.

Catches:
    A value of the response of an operation without `response`, or of an `http` node with a `url` of its own, that is
    used anywhere later: written, sent, answered, or to decide.

Dangerous because:
    Whatever the service answers goes on into the rows of the app: an error page, an empty field, a text of ten
    megabytes. Nothing stops it at the door, and the run that wrote it ends as a success.

Avoid:
    operations:
      track:
        effect: none
        method: GET
        path: /parcels/{parcel}

Prefer:
    operations:
      track:
        effect: none
        method: GET
        path: /parcels/{parcel}
        response:
          type: object
          additionalProperties: false
          required: [place]
          properties: {place: {type: string, maxLength: 200}}

Cannot see:
    Whether a schema that is there is narrow enough. What a payment answers has a fixed form and is always checked. A
    value without a type that is not a response is TYP002's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.nodes.facts import Outside
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Operations and addresses without a schema for what they answer, whose answer is used; each operation once."""
    told: set[tuple[str, str]] = set()
    for tool, step in app.steps("external"):
        outside = step.facts.outside
        used = _use_of(tool, step) if outside is not None and not _has_schema(outside) else None
        if outside is None or used is None or _name(outside) in told:
            continue
        if outside.operation is not None:
            told.add(_name(outside))
        yield _found(app, tool, step, outside, used)


def _has_schema(outside: Outside) -> bool:
    return outside.operation is not None and outside.operation.response is not None


def _name(outside: Outside) -> tuple[str, str]:
    connector, operation = outside.connector, outside.operation
    return (connector.name if connector else "", operation.name if operation else "")


def _use_of(tool: ToolFacts, step: Step) -> Step | None:
    """The first step that uses what the call answered; it may be the call itself, to undo it."""
    for later in tool.graph.steps:
        for use in later.facts.uses:
            if any(it.kind == "response" and it.step == step.index for it in tool.data.of_use(use)):
                return later
    return None


def _found(app: AppFacts, tool: ToolFacts, step: Step, outside: Outside, used: Step) -> Found:
    name, operation = step.facts.name, outside.operation
    connector, called = _name(outside)
    whose = f"`{called}` of `{connector}`" if operation is not None else f"`{name}`"
    use = "to undo the call" if used.index == step.index else f"by `{used.facts.name}`"
    return Found(
        span=step.facts.span if operation is None else operation.span,
        path=app.path(tool, step) if operation is None else f"{app.app.name}.{connector}/{called}",
        message=f"nothing says what {whose} answers, and its response is used {use}",
        help=f"add `response` to `{called}`" if operation is not None else _way_out(name),
        related=(Related(used.facts.span, "the response is used here"),),
    )


def _way_out(name: str) -> str:
    return f"declare a connector with an operation that has a `response`, and call that in `{name}`"


RULE = Rule(
    id="EXT007",
    name="response-unchecked",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
