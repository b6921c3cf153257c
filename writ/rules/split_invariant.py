"""Two entities that share an invariant are written in different transactions of one run.

Catches:
    An invariant of one entity over a figure (`count`, `sum`) of another, and a tool that writes the one in one
    transaction and the other in a second transaction of the same run.

Dangerous because:
    Between the two commits the rows do not fit together: everybody else sees that, and when the run ends there, it
    stays. If the first commit breaks the invariant, it is refused every time, and the tool can never do its work.

Avoid:
    - transaction: ordering
      nodes:
        - create: order
          entity: Order
          set: {lines_expected: 1}
    - transaction: filling
      nodes:
        - create: line
          entity: Line
          set: {order: order.id}

Prefer:
    - transaction: ordering
      nodes:
        - create: order
          entity: Order
          set: {lines_expected: 1}
        - create: line
          entity: Line
          set: {order: order.id}

Cannot see:
    Whether both transactions write rows, and fields, of the same figure: that is why it is only likely. It leaves out
    an invariant over the rows of its own entity, which every commit checks whole, a run that writes both entities in
    one of the two transactions, and two tools of which one calls the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.blocks import blocks, writes_in
from writ.graph.figures import FigureInvariant, figure_invariants
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Invariants over another entity, with tools that write the two in transactions that follow each other."""
    shared = [one for one in figure_invariants(app.app.entities.values()) if len(one.concerns) == 2]
    for tool in app.tools:
        for invariant in shared:
            found = next(_split(tool, invariant), None)
            if found is not None:
                yield _found(app, tool, invariant, *found)


def _split(tool: ToolFacts, shared: FigureInvariant) -> Iterator[tuple[Step, Step]]:
    """Writes of only the one entity and then of only the other, each in a transaction of its own."""
    alone = [step for block in blocks(tool) if (step := _alone(tool, block, shared)) is not None]
    for first in alone if len({_written(step) for step in alone}) == 2 else ():
        after = {step.index for step in tool.graph.after(first)}
        for second in alone:
            if _written(first) != _written(second) and second.index in after:
                yield first, second


def _alone(tool: ToolFacts, block: Step, shared: FigureInvariant) -> Step | None:
    """The first write of a transaction that concerns the invariant, if all of them are of one entity."""
    concerned = [step for step in writes_in(tool.graph, block) if _written(step) in shared.concerns]
    return concerned[0] if len({_written(step) for step in concerned}) == 1 else None


def _written(step: Step) -> str | None:
    write = step.facts.write
    return write.entity.name if write and write.entity else None


def _found(app: AppFacts, tool: ToolFacts, shared: FigureInvariant, first: Step, second: Step) -> Found:
    before, after = tool.graph.transaction_of(first), tool.graph.transaction_of(second)
    one, other = (block.facts.name if block else "" for block in (before, after))
    name, of = shared.invariant.name, shared.entity
    moments = [Moment(first, "is done")]
    return Found(
        span=second.facts.span,
        path=app.path(tool, second),
        message=f"`{name}` of `{of}` looks at what `{one}` and `{other}` write, each in a transaction of its own",
        help=f"write `{_written(first)}` and `{_written(second)}` in one transaction",
        witness=witness(tool.graph, moments, _end(one, other, shared)),
        related=(
            Related(first.facts.span, f"`{_written(first)}` is written here"),
            Related(shared.invariant.span, "the invariant"),
        ),
        detail=f"{of}.{name}",
    )


def _end(one: str, other: str, shared: FigureInvariant) -> str:
    rows = f"rows of `{shared.entity}` and `{shared.counted}`"
    return f"`{one}` commits: until `{other}` has committed too, {rows} do not fit together"


RULE = Rule(
    id="TXN005",
    name="split-invariant",
    severity=Severity.harm,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
