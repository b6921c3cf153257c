"""A condition does not apply when an input is absent, and other rows are meant.

Catches:
    A `where` of a write, or of a `read` of one row, in which some outcome of its `when`s leaves no condition at all, or
    takes away the one that fixed the key (`id`, a unique field or a unique set).

Dangerous because:
    Somebody who leaves an input out gets another meaning instead of a refusal: the update that was about one row is
    about all of them, or the read finds whichever row is there.

Avoid:
    - update: noted
      entity: Order
      where: {state: "'paid'", id: {equals: input.order, when: has(input.order)}}
      set: {parcel: input.parcel}

Prefer:
    - update: noted
      entity: Order
      where: {state: "'paid'", id: input.order}
      set: {parcel: input.parcel}

Cannot see:
    A condition that applies but compares with an unlucky value. A filter on a `read` of many, where leaving it out is
    how more rows are asked for. Two conditions count as alternatives only where `!`, `&&` and `||` make them so. An
    absent value that is compared without a `when` is TYP003's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.passed import passed
from writ.graph.predicates import applying, bound_to_key, narrowing
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule
from writ.spec.resolved import Condition, Entity


def check(app: AppFacts) -> Iterator[Found]:
    """Writes, and reads of one row, whose meaning widens when conditions do not apply."""
    for tool, step in app.steps("read", "write"):
        entity, where = _searched(step)
        conditions = narrowing(where)
        lost = _lost(tool, step, entity, conditions) if entity is not None else None
        if lost and entity is not None:
            yield _found(app, tool, step, entity, lost)
    for tool, step in app.steps("external", "payment"):
        undoing = step.facts.outside.compensation if step.facts.outside else None
        if undoing is not None and undoing.entity is not None:
            lost = _lost(tool, step, undoing.entity, narrowing(undoing.where))
            if lost:
                yield _found(app, tool, step, undoing.entity, lost)


def _searched(step: Step) -> tuple[Entity | None, tuple[Condition, ...]]:
    read, write = step.facts.read, step.facts.write
    if read is not None and read.expect != "many":
        return read.entity, read.where
    return (write.entity, write.where) if write is not None and write.kind != "delete" else (None, ())


def _lost(tool: ToolFacts, step: Step, entity: Entity, where: Sequence[Condition]) -> tuple[Condition, ...]:
    """The conditions that do not apply in the outcome with the fewest left that widens; empty where none does."""
    if all(one.when is None for one in where):
        return ()
    keyed = bound_to_key(entity, where)
    wide = [
        left
        for left in applying(where, passed(tool, step))
        if len(left) < len(where) and (not left or (keyed and not bound_to_key(entity, left)))
    ]
    fewest = min(wide, key=len, default=None)
    return () if fewest is None else tuple(one for one in where if one not in fewest)


def _found(app: AppFacts, tool: ToolFacts, step: Step, entity: Entity, lost: tuple[Condition, ...]) -> Found:
    name = step.facts.name
    first = lost[0]
    when = first.when.source.strip() if first.when else ""
    return Found(
        span=first.when.span if first.when else step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` means other rows of `{entity.name}` when `{first.field.name}` is not asked for",
        help=_help(first, when),
        witness=witness(
            tool.graph,
            [Moment(step, f"leaves {_named(lost)} out: {_because(lost)}")],
            _end(step, entity),
        ),
        detail=first.field.name,
    )


def _help(first: Condition, when: str) -> str:
    name = first.field.name
    return f"take `when` away from `{name}` and make what it compares with required, or `require` `{when}` before it"


def _named(lost: Sequence[Condition]) -> str:
    return " and ".join(dict.fromkeys(f"`{one.field.name}`" for one in lost))


def _because(lost: Sequence[Condition]) -> str:
    whens = dict.fromkeys(f"`{one.when.source.strip()}` is false" for one in lost if one.when)
    return " and ".join(whens)


def _end(step: Step, entity: Entity) -> str:
    if step.facts.read is not None:
        return f"whichever row of `{entity.name}` is there is taken for the one that was meant"
    return f"rows of `{entity.name}` change that nobody asked about"


RULE = Rule(
    id="WRT006",
    name="null-predicate",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
