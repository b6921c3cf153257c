"""Somebody is told of something that is not kept yet.

Catches:
    A call of an operation with `notifies: true`, or of a tool with such a call, behind which a transaction with writes,
    or a call of a tool with some, can still follow, or runs at the same time. A transaction that only keeps what the
    call itself answered is fine.

Dangerous because:
    The transaction can still refuse or fail. The mail has gone: the customer reads that the order is confirmed, and
    there is no such order.

Avoid:
    - http: mailed
      connector: mailer
      operation: send
      body: {to: customer.email, subject: "'Your order is confirmed'"}
    - transaction: confirming
      nodes:
        - transition: confirmed
          entity: Order
          where: {id: order.id}
          to: confirmed

Prefer:
    - transaction: confirming
      nodes:
        - transition: confirmed
          entity: Order
          where: {id: order.id}
          to: confirmed
    - http: mailed
      connector: mailer
      operation: send
      body: {to: customer.email, subject: "'Your order is confirmed'"}

Cannot see:
    What is told, and whether the later transaction is about it: that is why it is only likely. An `emit` waits for the
    commit of its transaction and is never too early.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.blocks import writes_in
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Calls that tell somebody something and can be followed by writes of something else."""
    for tool, step in app.steps("external", "call"):
        if step.transaction is None and _tells(app, step):
            behind = _beside_or_behind(tool, step)
            later = next((one for one in behind if _keeps_something_else(app, tool, step, one)), None)
            if later is not None:
                yield _found(app, tool, step, later)


def _tells(app: AppFacts, step: Step) -> bool:
    """Whether the step, or a tool it calls, tells a person something."""
    if step.facts.calls is None:
        return _notifies(step)
    tools = {step.facts.calls} | app.called(step.facts.calls)
    return any(_notifies(one) for name in tools if name in app.every_tool for one in app.every_tool[name].graph.steps)


def _notifies(step: Step) -> bool:
    operation = step.facts.outside.operation if step.facts.outside else None
    return operation is not None and operation.notifies


def _beside_or_behind(tool: ToolFacts, step: Step) -> Iterator[Step]:
    """The steps written behind the call that a run can come to after it, and those that run at the same time."""
    behind = {one.index for one in tool.graph.after(step) if one.index > step.index}
    for one in tool.graph.steps:
        if any(index == step.index for index, _ in one.containers):
            continue
        if one.index in behind or tool.graph.concurrent(step, one):
            yield one


def _keeps_something_else(app: AppFacts, tool: ToolFacts, step: Step, later: Step) -> bool:
    if later.facts.calls is not None:
        return "write" in app.effects(later.facts.calls)
    if later.facts.block is None or later.transaction is not None:
        return False
    return any(not _keeps_response(tool, step, write) for write in writes_in(tool.graph, later))


def _keeps_response(tool: ToolFacts, step: Step, write: Step) -> bool:
    """Whether a write is about what the call answered."""
    origins = (it for use in write.facts.uses if use.purpose == "set" for it in tool.data.of_use(use))
    return any(origin.kind == "response" and origin.step == step.index for origin in origins)


def _found(app: AppFacts, tool: ToolFacts, step: Step, later: Step) -> Found:
    name, behind = step.facts.name, later.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` tells somebody before `{behind}` has kept its writes",
        help=f"move `{name}` behind `{behind}`, or `emit` an event there: it is sent once that has committed",
        witness=_witness(tool, step, later),
        related=(Related(later.facts.span, "this can still refuse or fail"),),
    )


def _witness(tool: ToolFacts, step: Step, later: Step) -> tuple[str, ...]:
    told, end = "succeeds: somebody has been told", "what was told is not true, and nobody can take it back"
    stopped = "fails or refuses"
    if not tool.graph.concurrent(step, later):
        return witness(tool.graph, [Moment(step, told), Moment(later, stopped)], end)
    name, beside = step.facts.name, later.facts.name
    return (f"`{name}` and `{beside}` run at the same time", f"`{name}` {told}", f"`{beside}` {stopped}", end)


RULE = Rule(
    id="EXT010",
    name="notify-before-commit",
    severity=Severity.harm,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
