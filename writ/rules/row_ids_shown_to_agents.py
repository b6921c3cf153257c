"""An agent sees how rows are kept, or names one by its id.

Catches:
    A tool with an `agent` trigger that answers with the `id`, the `version` or `archived_at` of a row or with a
    reference to one, or that finds rows by comparing an `id` or a reference with something from its input, or sets a
    reference to it, also through a tool that it calls.

Dangerous because:
    What an agent is shown, it can be made to repeat, to mix up and to try out. An id is good for every tool and says
    nothing to a person who is asked whether the agent may go on; one digit of it changed is another customer's order.

Avoid:
    tool: cancel_order
    trigger:
      agent: {title: Cancel an order}
    flow:
      - transaction: cancelling
        nodes:
          - transition: cancelled
            entity: Order
            where: {id: input.order}
            to: cancelled

Prefer:
    tool: cancel_order
    trigger:
      agent: {title: Cancel an order}
    flow:
      - transaction: cancelling
        nodes:
          - transition: cancelled
            entity: Order
            where: {number: input.number}
            to: cancelled

Cannot see:
    Ids under another name: a number of an order is what people use, and is meant to be seen. Names of properties that
    happen to be those of entities are not judged, nor what a service outside answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.origins import Origin
from writ.graph.showing import shown
from writ.graph.through_calls import reached_by, through_calls
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.spec.complaints import quoted
from writ.spec.resolved import EntityField

_NAMING = frozenset({"where", "set"})
_INTERNAL = frozenset({"id", "version", "archived_at"})


def check(app: AppFacts) -> Iterator[Found]:
    """Steps of tools that agents see by which ids go out or come in."""
    for tool, step in app.steps("read", "write", "answer", "call"):
        if tool.tool.agent is None:
            continue
        for use in step.facts.uses:
            if use.purpose == "answer":
                yield from _answered(app, tool, step, use)
            elif use.purpose == "call":
                yield from _passed_on(app, tool, step, use)
            elif use.purpose in _NAMING and use.field is not None and _names_row(use.field):
                yield from _asked(app, tool, step, use, use.field)


def _names_row(field: EntityField) -> bool:
    return field.name == "id" or field.references is not None


def _passed_on(app: AppFacts, tool: ToolFacts, step: Step, use: Use) -> Iterator[Found]:
    """What goes from the input of the one tool to that of another, which names a row by it."""
    for _, its_use in reached_by(app, step, use):
        if its_use.purpose in _NAMING and its_use.field is not None and _names_row(its_use.field):
            yield from _asked(app, tool, step, use, its_use.field)
            return


def _answered(app: AppFacts, tool: ToolFacts, step: Step, use: Use) -> Iterator[Found]:
    seen = through_calls(app, tool, shown(tool.data, use.expression))
    names = sorted({it.name for _, it in seen if _internal(it)})
    if not names:
        return
    fields = ", ".join(quoted(name) for name in names)
    moments = [Moment(step, f"answers with {fields}")]
    yield _found(app, tool, use, f"`{tool.name}` shows agents {fields}", "answer with what people call it", moments)


def _internal(origin: Origin) -> bool:
    field = origin.field
    return field is not None and ((field.system and field.name in _INTERNAL) or field.references is not None)


def _asked(app: AppFacts, tool: ToolFacts, step: Step, use: Use, field: EntityField) -> Iterator[Found]:
    paths = sorted(tool.data.from_input(use.expression))
    if not paths:
        return
    message = f"agents name the row of `{step.facts.name}` by its `{field.name}`: {quoted(paths[0])}"
    help = "find it by what people call it, such as a number or a title that is `unique`"
    moments = [Moment(step, f"finds whatever row {quoted(paths[0])} names")]
    yield _found(app, tool, use, message, help, moments)


def _found(app: AppFacts, tool: ToolFacts, use: Use, message: str, help: str, moments: list[Moment]) -> Found:
    agent = tool.tool.agent
    return Found(
        span=use.expression.span,
        path=app.path(tool, moments[0].step),
        message=message,
        help=help,
        witness=(
            f"an agent proposes `{tool.name}`",
            *witness(tool.graph, moments, "a text it was given can make it name another row, and nobody sees which"),
        ),
        related=(Related(agent.span, "shown to agents"),) if agent is not None else (),
        detail=use.place,
    )


RULE = Rule(
    id="DAT005",
    name="schema-leak-to-agent",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
