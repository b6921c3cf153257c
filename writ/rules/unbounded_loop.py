"""Something is repeated and nobody says how often at most.

Catches:
    An `each`, or a `create … over`, without `max`, and repetitions inside of others whose numbers multiplied are above
    10,000.

Dangerous because:
    The list decides how long the run is. One of a hundred thousand elements fills the history of the run until the
    engine ends it, in the middle, with half of the work done.

Avoid:
    - each: lines
      over: input.lines
      nodes: [...]

Prefer:
    - each: lines
      over: input.lines
      max: 50
      nodes: [...]

Cannot see:
    Repetition that is a call of the tool itself (DET001), and that of a called tool. What the repeated nodes cost is
    counted by LIM005, what a fold inside of an expression costs by LIM004.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.edits import added_key
from writ.graph.flow import Step
from writ.graph.repetition import TOO_OFTEN, times_around, times_of
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Repetitions without a bound, and those that multiply above the limit."""
    for tool in app.tools:
        for step in tool.graph.steps:
            if step.facts.repetition is None:
                continue
            if step.facts.repetition.most is None:
                yield _unbounded(app, tool, step)
            elif times_around(tool.graph, step) <= TOO_OFTEN < times_of(tool.graph, step):
                yield _multiplied(app, tool, step)


def _unbounded(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` repeats as often as its list is long, without a `max`",
        help=f"say how many elements `{name}` takes at most: `max: 100`",
        witness=witness(
            tool.graph,
            [Moment(step, "begins with a list of a hundred thousand elements")],
            "the run is ended in the middle, because it has grown too long, with a part of the elements done",
        ),
        fix=added_key(step.facts, "over", "max: 100"),
    )


def _multiplied(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    name = step.facts.name
    begun, times = times_around(tool.graph, step), times_of(tool.graph, step)
    around = ", ".join(f"`{one.facts.name}`" for one in tool.graph.repeated(step))
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` repeats up to {times:,} times inside {around}, which is more than {TOO_OFTEN:,}",
        help=f"lower the `max` of `{name}` or of {around}, or do the inner work in a tool of its own",
        witness=witness(
            tool.graph,
            [Moment(step, f"has been begun {begun:,} times, each with up to {times // begun:,} elements")],
            "the run is ended in the middle, because it has grown too long, with a part of the elements done",
        ),
    )


RULE = Rule(
    id="LIM002",
    name="unbounded-loop",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
