"""The response of a service is used, although nothing says what it looks like.

Catches:
    A value of the response of an operation without `response` that is used anywhere later: written, sent, answered,
    compensated with, or to decide.

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
    value without a type that is not a response is TYP002's; an `http` node with a `url` in the place of a connector is
    EXT005's, whatever it answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.rules.rule import Rule
from writ.spec.resolved import Connector, Operation


def check(app: AppFacts) -> Iterator[Found]:
    """Operations without a schema for what they answer, whose answer is used; each operation once."""
    told: set[tuple[str, str]] = set()
    for tool, step in app.steps("external"):
        outside = step.facts.outside
        if outside is None or outside.connector is None or outside.operation is None:
            continue
        called = (outside.connector.name, outside.operation.name)
        used = _use_of(tool, step) if outside.operation.response is None and called not in told else None
        if used is not None:
            told.add(called)
            yield _found(app, step, used, outside.connector, outside.operation)


def _use_of(tool: ToolFacts, step: Step) -> Step | None:
    """The first step that uses what the call answered; it may be the call itself, to undo it."""
    for later in tool.graph.steps:
        for use in later.facts.uses:
            if any(it.kind == "response" and it.step == step.index for it in tool.data.of_use(use)):
                return later
    return None


def _found(app: AppFacts, step: Step, used: Step, connector: Connector, operation: Operation) -> Found:
    use = f"to undo `{step.facts.name}`" if used.index == step.index else f"by `{used.facts.name}`"
    return Found(
        span=operation.span,
        path=f"{app.app.name}.{connector.name}/{operation.name}",
        message=f"nothing says what `{operation.name}` of `{connector.name}` answers, and it is used {use}",
        help=f"add a `response` to `{operation.name}`: what does not fit it then fails the call",
        related=(Related(used.facts.span, "the response is used here"),),
    )


RULE = Rule(
    id="EXT007",
    name="response-unchecked",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
