"""Anybody, or an agent, can call a tool that does something as often as they like.

Catches:
    A tool with an `agent` trigger that writes, emits, calls out or pays, itself or through a tool it calls, and a
    `public` tool that asks a service outside, without `rate_limit`.

Dangerous because:
    An agent in a loop, or somebody with a script, calls it a thousand times a minute. Each call is a row, a mail or a
    fee, and keeps others from being served.

Avoid:
    trigger: {agent: {title: Cancel an order}}

Prefer:
    trigger: {agent: {title: Cancel an order}}
    rate_limit: 10/m

Cannot see:
    A limit that a gateway in front of Writ sets: that is why it is a risk that can be acknowledged. Whether the limit
    is low enough. A `public` tool that changes something is red by AUT001, however seldom it is called.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.acting import acting_steps
from writ.graph.app import AppFacts, ToolFacts
from writ.rules.rule import Rule
from writ.source import Span


def check(app: AppFacts) -> Iterator[Found]:
    """Tools that cost something each time and are open to agents or to anybody, without a limit."""
    for tool in app.tools:
        open_to = _open_to(app, tool)
        if open_to is not None and tool.tool.rate_limit is None:
            yield _found(app, tool, *open_to)


def _open_to(app: AppFacts, tool: ToolFacts) -> tuple[str, Span] | None:
    """Who can have it do something without a person behind each call, and where that is written."""
    changes = any(acting_steps(app, tool))
    asks = "external" in app.effects(tool.name)
    if tool.tool.agent is not None and (changes or asks):
        return "agents", tool.tool.agent.span
    if tool.tool.public and asks and not changes:
        return "anybody", tool.tool.spans.get("public", tool.tool.span)
    return None


def _found(app: AppFacts, tool: ToolFacts, who: str, span: Span) -> Found:
    return Found(
        span=span,
        path=app.path(tool),
        message=f"`{tool.name}` does something each time, and {who} can call it without limit",
        help=f"add `rate_limit: 10/m` to `{tool.name}`, or what fits it",
    )


RULE = Rule(
    id="LIM006",
    name="no-rate-limit",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
