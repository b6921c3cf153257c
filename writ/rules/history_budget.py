"""A run can become longer than its history may be.

Catches:
    A tool whose run can, by its declared bounds, leave more than 10,000 events: each call to the outside about six,
    each wait five, each approval nine, each transaction one, repeated as often as `max` allows, with what called tools
    do.

Dangerous because:
    The engine ends a run whose history has 51,200 events, wherever it is, and gets slow long before. What is then half
    done stays half done.

Avoid:
    - each: orders
      over: input.orders
      max: 1000
      nodes:
        - call: shipped
          tool: ship
          input: {order: item}

Prefer:
    - each: orders
      over: input.orders
      max: 100
      nodes:
        - call: shipped
          tool: ship
          input: {order: item}

Cannot see:
    Attempts that are repeated leave no events of their own and are not counted. A called tool counts as if it ran in
    the same history, which is the worst that it can be: that is why it is only likely. A repetition without `max`,
    or above 10,000 times, is LIM002's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.history import FRAME, parts
from writ.graph.repetition import TOO_OFTEN, times_of
from writ.rules.rule import Rule

MOST = 10_000
"""Events that the history of a run should have at most, a fifth of what the engine takes."""


def check(app: AppFacts) -> Iterator[Found]:
    """Tools whose runs can be too long."""
    for tool in app.tools:
        found = _found(app, tool)
        if found is not None and all(times_of(tool.graph, step) <= TOO_OFTEN for step in tool.graph.steps):
            yield found


def _found(app: AppFacts, tool: ToolFacts) -> Found | None:
    histories = parts(app, tool)
    events = FRAME + sum(one.events for one in histories)
    if events <= MOST:
        return None
    longest = max(histories, key=lambda one: one.events).step
    name = longest.facts.name
    return Found(
        span=longest.facts.span,
        path=app.path(tool, longest),
        message=f"a run of `{tool.name}` can leave {events:,} events, most of them in `{name}`; {MOST:,} are many",
        help=f"lower what `{name}` may repeat, and call `{tool.name}` again for the rest",
    )


RULE = Rule(
    id="LIM005",
    name="history-budget",
    severity=Severity.risk,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
