"""A transaction that is not serializable writes what depends on rows that others may be changing at that moment.

Catches:
    A `transaction` with `isolation: read_committed` or `repeatable_read` that writes an entity for which an invariant
    over a figure (`count`, `sum`) is stated, or whose rows such an invariant looks at. And one that decides a write by
    what it has read, or writes what it made from that, without having locked the row.

Dangerous because:
    Two runs at once each see a figure without what the other one adds. Both find that the invariant holds, both commit,
    and together they have broken it: two bookings of one slot. Two that both read a stock of 10 and write 9 have sold a
    piece twice. Only where both are serializable does PostgreSQL tell.

Avoid:
    - transaction: booking
      isolation: read_committed
      nodes:
        - create: appointment
          entity: Appointment
          set: {slot: input.slot}

Prefer:
    - transaction: booking
      nodes:
        - create: appointment
          entity: Appointment
          set: {slot: input.slot}

Cannot see:
    Whether two such runs ever meet, and whether this write changes the figure: that is why it is only likely. An
    invariant over one row alone, and `unique`, hold under every isolation. A row that was read with `lock` stays as it
    is, fields that never change do so anyway, and what PostgreSQL notices under `repeatable_read` (the very row that
    is written was changed) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Edit, Fix, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.blocks import blocks, writes_in
from writ.graph.figures import FigureInvariant, figure_invariants
from writ.graph.flow import Step
from writ.graph.unguarded import relied_on
from writ.nodes.facts import Block
from writ.rules.rule import Rule
from writ.source import Span


def check(app: AppFacts) -> Iterator[Found]:
    """Transactions that are not serializable and write what an invariant over a figure is concerned with, or what they
    have read and not locked.
    """
    invariants = tuple(figure_invariants(app.app.entities.values()))
    for tool in app.tools:
        for step in blocks(tool):
            block = step.facts.block
            if block is None or block.isolation == "serializable":
                continue
            found = next(_concerned(tool, step, invariants), None)
            unlocked = next(relied_on(tool, step, block.isolation), None)
            if found is not None:
                yield _found(app, tool, step, block, *found)
            elif unlocked is not None:
                yield _unlocked(app, tool, step, block, *unlocked)


def _concerned(
    tool: ToolFacts, block: Step, invariants: tuple[FigureInvariant, ...]
) -> Iterator[tuple[Step, FigureInvariant]]:
    for step in writes_in(tool.graph, block):
        entity = step.facts.write.entity if step.facts.write else None
        for invariant in invariants:
            if entity is not None and entity.name in invariant.concerns:
                yield step, invariant


def _found(app: AppFacts, tool: ToolFacts, step: Step, block: Block, written: Step, broken: FigureInvariant) -> Found:
    entity = written.facts.write.entity.name if written.facts.write and written.facts.write.entity else ""
    invariant = f"`{broken.invariant.name}` of `{broken.entity}`"
    return Found(
        span=block.isolation_span or step.facts.span,
        path=app.path(tool, step),
        message=(
            f"`{step.facts.name}` writes `{entity}`, and two such transactions at once could break {invariant}"
            f" under `{block.isolation}`"
        ),
        help="leave `isolation` out: it is serializable then",
        related=(
            Related(written.facts.span, f"`{entity}` is written here"),
            Related(broken.invariant.span, "the invariant"),
        ),
        fix=_fix(block.isolation_span) if block.isolation_span else None,
    )


def _unlocked(app: AppFacts, tool: ToolFacts, step: Step, block: Block, written: Step, read: Step) -> Found:
    name, source = written.facts.name, read.facts.name
    return Found(
        span=block.isolation_span or step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` relies on `{source}`, which another run may change meanwhile under `{block.isolation}`",
        help=f"leave `isolation` out: it is serializable then{_lock(read)}",
        related=(
            Related(read.facts.span, "read here, and not kept from changing"),
            Related(written.facts.span, "written as if it were still so"),
        ),
        fix=_fix(block.isolation_span) if block.isolation_span else None,
        detail=source,
    )


def _lock(read: Step) -> str:
    alone = read.facts.read is not None and read.facts.read.expect != "many"
    return f", or say `lock: update` in `{read.facts.name}`" if alone else ""


def _fix(place: Span) -> Fix:
    edit = Edit(place.file, place.line, place.column, place.line, place.column + place.length, "serializable")
    return Fix("make it serializable", (edit,))


RULE = Rule(
    id="TXN008",
    name="write-skew-isolation",
    severity=Severity.harm,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
