"""A call that is sent twice happens twice.

Catches:
    A tool that a request, a webhook or an agent starts and whose run, itself or through a tool it calls, pays or calls
    an operation with an effect, without `idempotency: required`; and a tool that writes with `idempotency: none`.

Dangerous because:
    A button is pressed twice, a client gets no answer and asks again: without a key both are runs of their own, and the
    parcel is sent twice. A payment's own key does not help, for it is another run.

Avoid:
    tool: checkout
    trigger: {http: {method: POST, path: /orders}}

Prefer:
    tool: checkout
    trigger: {http: {method: POST, path: /orders}}
    idempotency: required

Cannot see:
    A state or a unique field that lets only one of the two through: that is why it is only likely. Whether clients send
    the same key again. A sender of webhooks that has no such key: there, let a `transition` be what only one can do.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.acting import acting_steps
from writ.graph.app import AppFacts, ToolFacts
from writ.rules.rule import Rule
from writ.source import Span


def check(app: AppFacts) -> Iterator[Found]:
    """Tools whose call may come twice and then does something twice."""
    for tool in app.tools:
        started = _started(tool)
        if started is not None and tool.tool.idempotency != "required" and _acts_outside(app, tool):
            yield _found(app, tool, started, "does something outside")
        elif tool.tool.idempotency == "none" and "write" in app.effects(tool.name):
            yield _found(app, tool, tool.tool.span, "changes rows")


def _started(tool: ToolFacts) -> Span | None:
    """Where it is written what starts it and may do so twice."""
    whole = tool.tool
    if whole.http is not None:
        return whole.spans.get("trigger.http", whole.span)
    trigger = whole.webhook or whole.agent
    return trigger.span if trigger is not None else None


def _acts_outside(app: AppFacts, tool: ToolFacts) -> bool:
    return any(step.facts.outside is not None for _, step in acting_steps(app, tool))


def _found(app: AppFacts, tool: ToolFacts, started: Span, does: str) -> Found:
    return Found(
        span=tool.tool.spans.get("idempotency", started),
        path=app.path(tool),
        message=f"`{tool.name}` {does}, and twice where a call is sent twice",
        help=_help(tool),
    )


def _help(tool: ToolFacts) -> str:
    if tool.tool.webhook is not None and tool.tool.http is None:
        return "put a `transition` before it that only the first delivery can make, or write `idempotency: required`"
    return f"write `idempotency: required` in `{tool.name}`: a call that comes again gets the answer of the first"


RULE = Rule(
    id="LIM007",
    name="no-idempotency-key",
    severity=Severity.risk,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
