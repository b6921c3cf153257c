"""A value read before a long step is written behind it, although the row may have changed meanwhile.

Catches:
    An `update` or a `transition` that sets a field from what the run knows of a row of the same entity since before a
    call to the outside, a payment, an approval or a wait, in a later transaction that does not make sure of the row:
    its `where` compares neither `version` nor `updated_at` nor the field itself, and nothing there decides by these
    fields of the row read again.

Dangerous because:
    While the run was outside, somebody else changed the row. The run writes what it computed from the old value, and
    the other change is lost: stock that was sold is for sale again, a balance forgets a booking.

Avoid:
    - payment: charge
      connector: payments
      operation: charge
      amount: product.price
    - transaction: taking
      nodes:
        - update: taken
          entity: Product
          where: {id: product.id}
          set: {stock: product.stock - 1}

Prefer:
    - payment: charge
      connector: payments
      operation: charge
      amount: product.price
    - transaction: taking
      nodes:
        - read: product_now
          entity: Product
          where: {id: product.id}
          lock: update
        - update: taken
          entity: Product
          where: {id: product_now.id}
          set: {stock: product_now.stock - 1}

Cannot see:
    Whether the value and the write are about the same row, and whether anybody else can change that field: that is why
    it is only likely. Fields that never change (`immutable`, `id`, `created_at`) are left out, and so are two
    transactions with nothing but time between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.origins import Origin
from writ.graph.rechecks import checked_again
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use, Write
from writ.rules.rule import Rule
from writ.source import Span

_LONG = frozenset({"external", "payment", "approval", "wait"})
_NEVER_CHANGE = frozenset({"id", "created_at"})
_CHANGE_WITH_EVERY_WRITE = frozenset({"version", "updated_at"})


@dataclass(frozen=True, slots=True)
class _Stale:
    """A value that is written at `span`: where the run got it, and the step that took so long since then."""

    span: Span
    origin: Origin
    read: Step
    between: Step


def check(app: AppFacts) -> Iterator[Found]:
    """Writes of existing rows that set what was read before a long step and is not made sure of."""
    for tool, step in app.steps("write"):
        write = step.facts.write
        if write is not None and write.kind in ("update", "transition") and step.transaction is not None:
            long = tuple(one for one in tool.graph.before(step) if _is_long(app, one))
            stale = next(_stale(tool, step, write, long), None) if long else None
            if stale is not None:
                yield _found(app, tool, step, stale)


def _stale(tool: ToolFacts, step: Step, write: Write, long: tuple[Step, ...]) -> Iterator[_Stale]:
    """What the write sets from before one of the `long` steps that come before it."""
    known = checked_again(tool, step)
    between: dict[int, Step | None] = {}
    for use, origin in () if known & _CHANGE_WITH_EVERY_WRITE else _set_from(tool, step):
        if origin.step is None or not _can_change(write, origin, known):
            continue
        read = tool.graph.steps[origin.step]
        if read.index not in between:
            between[read.index] = _between(tool, read, long)
        since = between[read.index]
        if read.transaction != step.transaction and since is not None:
            yield _Stale(_place(write, use) or step.facts.span, origin, read, since)


def _set_from(tool: ToolFacts, step: Step) -> Iterator[tuple[Use, Origin]]:
    for use in step.facts.uses:
        if use.purpose == "set":
            yield from ((use, origin) for origin in sorted(tool.data.of_use(use), key=_order))


def _place(write: Write, use: Use) -> Span | None:
    return next((span for field, span in write.sets if field is use.field), None)


def _order(origin: Origin) -> tuple[int, str]:
    """The latest first: its `version` is the one to compare."""
    return (1 if origin.step is None else -origin.step, origin.name)


def _can_change(write: Write, origin: Origin, known: frozenset[str]) -> bool:
    """Whether it is a field of the entity that is written, whose value another run can have changed unnoticed."""
    field = origin.field
    if write.entity is None or field is None or field.immutable or field.name in _NEVER_CHANGE | known:
        return False
    return origin.name == f"{write.entity.name}.{field.name}"


def _between(tool: ToolFacts, read: Step, long: tuple[Step, ...]) -> Step | None:
    """The first of the long steps that a run can make after the other one."""
    after = {one.index for one in tool.graph.after(read)}
    return next((one for one in long if one.index in after), None)


def _is_long(app: AppFacts, step: Step) -> bool:
    called = app.effects(step.facts.calls) if step.facts.calls is not None else frozenset()
    return bool(_LONG & {step.facts.effect, *called})


def _found(app: AppFacts, tool: ToolFacts, step: Step, stale: _Stale) -> Found:
    name, between = step.facts.name, stale.between.facts.name
    field = stale.origin.name.rpartition(".")[2]
    moments = [
        Moment(stale.read, f"gives the row's `{field}`"),
        Moment(stale.between, "takes its time: another run changes the row"),
    ]
    return Found(
        span=stale.span,
        path=app.path(tool, step),
        message=f"`{name}` writes what `{stale.read.facts.name}` gave as `{field}` before `{between}`",
        help=f"{_version(stale.read)} in the `where` of `{name}`, or read the row again there and set it from that",
        witness=witness(tool.graph, moments, f"`{name}` writes from the old value, and the other change is lost"),
        related=(
            Related(stale.read.facts.span, f"`{field}` is as old as this"),
            Related(stale.between.facts.span, "meanwhile others can change the row"),
        ),
    )


def _version(read: Step) -> str:
    facts = read.facts
    alone = facts.read.expect == "one" if facts.read else facts.write is not None and facts.write.rows == (1, 1)
    return f"compare `version: {facts.name}.version`" if alone else "compare the `version` of then"


RULE = Rule(
    id="TXN007",
    name="stale-read-write",
    severity=Severity.harm,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
