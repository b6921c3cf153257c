"""Two transactions lock rows of the same two entities in opposite order.

Catches:
    Two transactions, of one tool or of two, that both lock existing rows (a `read` with `lock: update`, an `update`, a
    `transition`, an `archive`) of the same two entities, and come to them in opposite order.

Dangerous because:
    Each can hold what the other one needs next. PostgreSQL then ends one of them as a deadlock; it is tried again, may
    meet the next one, and under load runs take seconds or fail although nothing is wrong with what was asked.

Avoid:
    - transaction: cancelling
      nodes:
        - transition: freed
          entity: Slot
          where: {id: input.slot}
          to: free
        - transition: cancelled
          entity: Appointment
          where: {id: input.appointment}
          to: cancelled

Prefer:
    - transaction: cancelling
      nodes:
        - transition: cancelled
          entity: Appointment
          where: {id: input.appointment}
          to: cancelled
        - transition: freed
          entity: Slot
          where: {id: input.slot}
          to: free

Cannot see:
    Whether the two ever need the same rows: that is why it is only likely. Rows of one entity locked in opposite order,
    and locks to share, are not looked at; neither are new rows, which nobody else can hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.blocks import blocks
from writ.graph.flow import FlowGraph, Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class _Order:
    """A transaction that locks rows of two entities, of the one at `first` and then of the other at `second`."""

    tool: ToolFacts
    block: Step
    entities: tuple[str, str]
    first: Step
    second: Step


def check(app: AppFacts) -> Iterator[Found]:
    """Transactions whose order of locks is the opposite of that which most others have."""
    orders: dict[tuple[str, str], list[_Order]] = {}
    for tool in app.every_tool.values():
        for block in blocks(tool):
            for order in _orders(tool, block):
                orders.setdefault(order.entities, []).append(order)
    for (one, other), straight in sorted(orders.items()):
        opposite = orders.get((other, one), [])
        if opposite and (len(straight), other) < (len(opposite), one):
            yield from (_found(app, order, opposite[0]) for order in straight)


def _orders(tool: ToolFacts, block: Step) -> Iterator[_Order]:
    """Every order in which a run of the transaction can come to two entities for the first time."""
    locks = [(step, entity) for step in tool.graph.inside(block) if (entity := _locked(step)) is not None]
    for one, other in permutations(dict.fromkeys(entity for _, entity in locks), 2):
        firsts = [step for step, entity in locks if entity == one]
        seconds = [step for step, entity in locks if entity == other]
        found = next(_first_touches(tool.graph, firsts, seconds), None)
        if found is not None:
            yield _Order(tool, block, (one, other), *found)


def _first_touches(graph: FlowGraph, firsts: list[Step], seconds: list[Step]) -> Iterator[tuple[Step, Step]]:
    for first in firsts:
        if any(graph.always_before(second, first) for second in seconds):
            continue
        after = {step.index for step in graph.after(first)}
        yield from ((first, second) for second in seconds if second.index in after)


def _locked(step: Step) -> str | None:
    """The entity of which the step locks rows that are there already."""
    read, write = step.facts.read, step.facts.write
    if read is not None:
        return read.entity.name if read.lock == "update" else None
    if write is None or write.entity is None or write.kind in ("create", "sql"):
        return None
    return write.entity.name


def _found(app: AppFacts, order: _Order, other: _Order) -> Found:
    one, two = order.entities
    name, its = order.block.facts.name, other.block.facts.name
    where = f"`{its}` of `{other.tool.name}`"
    moments = [Moment(order.first, f"holds a row of `{one}`")]
    return Found(
        span=order.second.facts.span,
        path=app.path(order.tool, order.second),
        message=f"`{name}` locks `{one}` before `{two}`, {where} locks `{two}` before `{one}`",
        help=f"lock `{two}` first in `{name}` too: read its row with `lock: update` before `{order.first.facts.name}`",
        witness=witness(order.tool.graph, moments, f"{where} holds the row of `{two}`, and each waits for the other"),
        related=(
            Related(order.first.facts.span, f"`{one}` is locked here"),
            Related(other.first.facts.span, f"{where} begins with `{two}`"),
        ),
        detail=f"{one} {two}",
    )


RULE = Rule(
    id="TXN009",
    name="unordered-locks",
    severity=Severity.risk,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
