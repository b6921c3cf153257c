"""A node changes rows or emits an event without a transaction around it.

Catches:
    A `create`, `update`, `transition`, `archive`, `erase` or `emit` that stands in the flow itself, or in an `if`, a
    `switch`, a `parallel` or an `each` of it, and in no `transaction`.

Dangerous because:
    Each such node would be kept on its own. When a later step refuses or fails, what was written before stays: half of
    the work, which no caller asked for and which nothing takes back. An event would tell of something that may not be.

Avoid:
    - update: held
      entity: Product
      where: {id: input.product}
      set: {stock: 0}
    - transaction: placing
      nodes:
        - create: order
          entity: Order
          set: {product: input.product}

Prefer:
    - transaction: placing
      nodes:
        - update: held
          entity: Product
          where: {id: input.product}
          set: {stock: 0}
        - create: order
          entity: Order
          set: {product: input.product}

Cannot see:
    Whether writes in two transactions belong together: TXN005 looks for those that share an invariant. A `delete` and
    SQL text are red wherever they stand, so WRT002 and WRT003 speak of them, not this rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.blocks import blocks
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Changes of rows and events whose step stands in no transaction."""
    for tool, step in app.steps("write", "emit"):
        if step.transaction is None and not _refused_anywhere(step):
            yield _found(app, tool, step)


def _refused_anywhere(step: Step) -> bool:
    return step.facts.write is not None and step.facts.write.kind in ("delete", "sql")


def _found(app: AppFacts, tool: ToolFacts, step: Step) -> Found:
    name = step.facts.name
    does = "emits an event" if step.facts.effect == "emit" else f"changes rows of {_entity(step)}"
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` {does} outside of every transaction",
        help=_way_out(tool, step),
        witness=_witness(tool, step),
    )


def _entity(step: Step) -> str:
    write = step.facts.write
    return f"`{write.entity.name}`" if write and write.entity else "an entity"


def _way_out(tool: ToolFacts, step: Step) -> str:
    near = [one for one in blocks(tool) if one.index > step.index] or list(blocks(tool))[-1:]
    if not near:
        return f"put `{step.facts.name}` under the `nodes` of a `transaction`"
    return f"put `{step.facts.name}` among the `nodes` of `{near[0].facts.name}`, or of a `transaction` of its own"


def _witness(tool: ToolFacts, step: Step) -> tuple[str, ...]:
    lasts = "the event is sent" if step.facts.effect == "emit" else "the change is kept at once"
    moments = [Moment(step, f"is done: {lasts}")]
    later = next((one for one in tool.graph.after(step) if one.index != step.index and _stops(one)), None)
    if later is None:
        end = f"the run breaks off right behind `{step.facts.name}`, and nothing takes it back"
        return witness(tool.graph, moments, end)
    moments.append(Moment(later, "fails" if later.facts.fails else "refuses"))
    end = f"the run ends without success, and what `{step.facts.name}` did stays: half of the work"
    return witness(tool.graph, moments, end)


def _stops(step: Step) -> bool:
    return step.facts.refuses or step.facts.fails or step.facts.effect == "refusal"


RULE = Rule(
    id="TXN001",
    name="write-outside-transaction",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
