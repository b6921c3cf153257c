"""Tools that call each other in a circle.

Catches:
    A `call` of a tool that, directly or through others, calls the tool it stands in. A flow itself has no way back.

Dangerous because:
    A run waits for the run it has called, which waits for one more: each holds a place in the history and none ever
    ends, until a limit stops them all in the middle of what they were doing.

Avoid:
    tool: expire_unpaid
    flow:
      - call: next_one
        tool: expire_unpaid

Prefer:
    tool: expire_unpaid
    trigger: {cron: {schedule: "0 3 * * *", as: {subject: night_shift, roles: [system]}}}
    flow:
      - transaction: expiring
        nodes:
          - transition: expired
            entity: Order
            where: {state: "'placed'"}
            to: cancelled
            expect_rows: {at_least: 0, at_most: 100}

Cannot see:
    A condition that would end the circle: it counts all the same, because nothing says how often it is run until then.
    Tools that start each other through a service outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Each circle of tools once, at the first call of the first of them that leads back."""
    judged = {tool.name for tool in app.tools}
    told: set[str] = set()
    for name, tool in app.every_tool.items():
        circle = {other for other in app.called(name) if name in app.called(other)}
        if not circle or circle & told:
            continue
        told |= circle
        if circle & judged:
            yield _found(app, tool, _leading_back(app, tool))


def _leading_back(app: AppFacts, tool: ToolFacts) -> Step:
    return next(step for step in tool.graph.steps if step.facts.calls and _comes_to(app, step.facts.calls, tool.name))


def _comes_to(app: AppFacts, start: str, end: str) -> bool:
    return start == end or end in app.called(start)


def _found(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    way = _way(app, tool.name, step)
    told = [f"`{caller}` calls `{called}`" for caller, called in pairwise(way)]
    end = "it begins again, and no run of them ever ends"
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{tool.name}` calls itself" + (f" through `{way[1]}`" if len(way) > 2 else ""),
        help=f"leave `{step.facts.name}` out; an `each` repeats something within one run, a `cron` starts it again",
        witness=(*told, end),
    )


def _way(app: AppFacts, name: str, step: Step) -> list[str]:
    """The tools from one back to itself."""
    way = [name, str(step.facts.calls)]
    while way[-1] != name:
        steps = app.every_tool[way[-1]].graph.steps
        called = [one.facts.calls for one in steps if one.facts.calls and _comes_to(app, one.facts.calls, name)]
        fresh = [one for one in called if one == name or one not in way]
        way.append(name if name in fresh else fresh[0])
    return way


RULE = Rule(
    id="DET001",
    name="cycle",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
