"""What a service answered decides a transition, and the state is not looked at again.

Catches:
    A `transition` behind a `require`, or in a case of an `if` or a `switch`, that decides by the response of a call to
    the outside, to a state that several states lead to, whose `where` compares neither `state` nor `version` (nor
    `updated_at`) and in whose transaction nothing decides by them of the row read again.

Dangerous because:
    While the service answered, another run may have moved the row. The answer was about the state of before: the order
    is marked as lost although it was refunded meanwhile, and the move is allowed from there too.

Avoid:
    - if: is_lost
      when: tracked.place == 'unknown'
      then:
        - transaction: noting
          nodes:
            - transition: lost
              entity: Order
              where: {id: order.id}
              to: lost

Prefer:
    - if: is_lost
      when: tracked.place == 'unknown'
      then:
        - transaction: noting
          nodes:
            - transition: lost
              entity: Order
              where: {id: order.id, version: order.version}
              to: lost

Cannot see:
    Whether the answer depends on the state at all: that is why it is only likely. A transition to a state that only one
    state leads to is left out, because it looks at that state itself. So are answers of payments and of called tools,
    what an `on_error` decides, and a case that only ends the other runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.rechecks import checked_again
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use, Write
from writ.rules.rule import Rule

_OF_THE_MOMENT = frozenset({"state", "version", "updated_at"})


def check(app: AppFacts) -> Iterator[Found]:
    """Transitions that an answer from outside decides and that make sure of no state."""
    for tool, step in app.steps("write"):
        write = step.facts.write
        if write is None or len(_sources(write)) < 2 or checked_again(tool, step) & _OF_THE_MOMENT:
            continue
        decided = next(_decided(tool, step), None)
        if decided is not None:
            yield _found(app, tool, step, write, *decided)


def _sources(write: Write) -> tuple[str, ...]:
    """The states from which a transition may move a row; none for any other write."""
    lifecycle = write.entity.lifecycle if write.entity else None
    return lifecycle.sources(write.to) if lifecycle and write.to is not None else ()


def _decided(tool: ToolFacts, step: Step) -> Iterator[tuple[Step, Step]]:
    """What decides whether a run comes to the step, with the call whose answer it looks at."""
    for guard, use in tool.data.guards(step):
        yield from ((guard, call) for call in _calls(tool, use))


def _calls(tool: ToolFacts, use: Use) -> Iterator[Step]:
    answers = {it.step for it in tool.data.of_use(use) if it.kind == "response" and it.step is not None}
    return (step for index in sorted(answers) if (step := tool.graph.steps[index]).facts.effect == "external")


def _found(app: AppFacts, tool: ToolFacts, step: Step, write: Write, guard: Step, call: Step) -> Found:
    name, entity = step.facts.name, write.entity.name if write.entity else ""
    row = next((one.facts.name for one in tool.graph.before(call) if _gives(one, entity)), entity.lower())
    moments = [Moment(call, "answers, and meanwhile another run moves the row"), Moment(guard, "decides by the answer")]
    end = f"`{name}` moves a row to `{write.to}` that is no longer in the state the answer was about"
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"what `{call.facts.name}` answered decides `{name}`, and the state may have changed since",
        help=f"add `version: {row}.version` to its `where`, or read the row again there and `require` its state",
        witness=witness(tool.graph, moments, end),
        related=(
            Related(call.facts.span, "the answer comes from here"),
            Related(guard.facts.span, "it decides here"),
        ),
    )


def _gives(step: Step, entity: str) -> bool:
    touched = step.facts.read or step.facts.write
    return touched is not None and touched.entity is not None and touched.entity.name == entity


RULE = Rule(
    id="EXT011",
    name="effect-in-transition",
    severity=Severity.harm,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
