"""What a run carries can be too large.

Catches:
    An input, the rows that a transaction hands on, or what a service is sent or answers, that by its declared bounds
    can be more than 256 KiB (yellow) or more than 2 MiB (red): `maxLength` and `maxItems` of schemas, `max_length` and
    `max_items` of fields, the `limit` of a read, `max`, `expect_rows`.

Dangerous because:
    Everything a run carries is kept in its history. Above 2 MiB the engine refuses it, and the run ends there, late and
    after what it has already done; well below that, long histories get slow.

Avoid:
    properties:
      text: {type: string, maxLength: 5000000}

Prefer:
    properties:
      text: {type: string, maxLength: 20000}

Cannot see:
    What has no bound counts as nothing and is TYP006's; a read without `limit` is LIM001's. A character counts as one
    byte: what stays below 256 KiB stays below 2 MiB in any script. Of a transaction only rows are counted, not values
    that a `transform` makes of them; values that expressions put together (an answer, a text made longer) are not
    counted again. It is arithmetic on declared numbers, not on data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.bounds import Bounds
from writ.graph.flow import Step
from writ.graph.sizes import LARGE, TOO_LARGE, of_results, of_schema
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule
from writ.source import Span


@dataclass(frozen=True, slots=True)
class _Payload:
    """`what` it is, how large it can be in bytes, where that is decided, and what carries it, None for the input."""

    what: str
    size: int
    span: Span
    step: Step | None = None


def check(app: AppFacts) -> Iterator[Found]:
    """Payloads that their bounds let grow too large."""
    for tool in app.tools:
        for payload in (_input(tool), *_results(app, tool), *_outside(tool)):
            if payload.size > LARGE:
                yield _found(app, tool, payload)


def _input(tool: ToolFacts) -> _Payload:
    schema = tool.tool.input_schema
    properties = schema.get("properties", {})
    largest = max(properties, key=lambda name: of_schema(properties[name]), default="")
    spans = tool.tool.spans
    span = spans.get(f"input.properties.{largest}", spans.get("input", tool.tool.span))
    return _Payload(f"the input of `{tool.name}`", of_schema(schema), span)


def _results(app: AppFacts, tool: ToolFacts) -> Iterator[_Payload]:
    """What each transaction hands on, at the step that hands on most of it."""
    bounds = Bounds(tool.graph, app.app.tools)
    for transaction, sizes in of_results(tool.graph, bounds).items():
        largest = tool.graph.steps[max(sizes, key=lambda index: sizes[index])]
        what = f"what `{tool.graph.steps[transaction].facts.name}` hands on"
        yield _Payload(what, sum(sizes.values()), largest.facts.span, largest)


def _outside(tool: ToolFacts) -> Iterator[_Payload]:
    for step in tool.graph.steps:
        operation = step.facts.outside.operation if step.facts.outside else None
        if operation is not None:
            request, response = of_schema(operation.request or {}), of_schema(operation.response or {})
            what = "is sent" if request > response else "is answered"
            yield _Payload(f"what `{step.facts.name}` {what}", max(request, response), step.facts.span, step)


def _found(app: AppFacts, tool: ToolFacts, payload: _Payload) -> Found:
    too_large = payload.size > TOO_LARGE
    limit = "2 MiB" if too_large else "256 KiB"
    return Found(
        span=payload.span,
        path=app.path(tool, payload.step),
        message=f"{payload.what} can be {_readable(payload.size)}, which is more than {limit}",
        help=_help(payload),
        witness=_witness(tool, payload) if too_large else (),
        severity=Severity.harm if too_large else None,
        detail=payload.what,
    )


def _help(payload: _Payload) -> str:
    if payload.step is None:
        return "lower `maxLength` or `maxItems`; what is large belongs in a store of files, and its address here"
    if payload.step.facts.outside is not None:
        return "lower `maxLength` or `maxItems` in the operation's schemas"
    return f"lower the number of rows of `{payload.step.facts.name}`, or `max_length` of its fields"


def _witness(tool: ToolFacts, payload: _Payload) -> tuple[str, ...]:
    if payload.step is None:
        told = f"somebody calls `{tool.name}` with as much as its bounds allow"
        return (told, "the engine takes no more than 2 MiB, and the run cannot even begin")
    moment = Moment(payload.step, "has as much to carry as its bounds allow")
    return witness(tool.graph, [moment], "the engine takes no more than 2 MiB and ends the run, after what it has done")


def _readable(size: int) -> str:
    return f"{size / 1024**2:.1f} MiB" if size >= 1024**2 else f"{size / 1024:.0f} KiB"


RULE = Rule(
    id="LIM003",
    name="payload-budget",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
