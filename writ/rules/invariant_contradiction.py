"""An invariant that no row can keep, or none in one of its states.

Catches:
    An invariant whose condition cannot hold for any value that the fields may have as they are declared, or for none in
    a state that rows reach; two invariants of one entity that cannot hold together; and a `count` that would have to be
    below zero. It reads comparisons of fields, of `size(…)` of a field and of `count` with written values, joined by
    `&&`, `||`, `!` and `? :`.

Dangerous because:
    An invariant is looked at before every commit. One that never holds refuses every run that touches such a row, with
    the reason of a rule that its author believed to be kept.

Avoid:
    fields:
      quantity: {type: integer, minimum: 1, maximum: 100}
    invariants:
      bulk_only:
        that: this.quantity > 100
        message: Only bulk orders are taken.

Prefer:
    fields:
      quantity: {type: integer, minimum: 1, maximum: 1000}
    invariants:
      bulk_only:
        that: this.quantity > 100
        message: Only bulk orders are taken.

Cannot see:
    Comparisons of one field with another, of timestamps and of what is calculated: these are taken for possible. Nor
    whether any tool writes a row that keeps it. A state that is shut out on purpose looks the same as one that was
    forgotten: that is why it is only a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts
from writ.graph.intervals import impossible, ranges_of
from writ.problems import with_article
from writ.rules.rule import Rule
from writ.spec.resolved import Entity, ResolvedInvariant


def check(app: AppFacts) -> Iterator[Found]:
    """Invariants that cannot be kept, each for itself; of those that can, pairs that exclude each other."""
    for entity in app.app.entities.values():
        possible = []
        for invariant in entity.invariants:
            states = _impossible_in(entity, invariant)
            if states is None:
                possible.append(invariant)
            else:
                yield _alone(app, entity, invariant, states)
        for first, second in combinations(possible, 2):
            if _impossible_in(entity, first, second) is not None and None in (first.aggregate, second.aggregate):
                yield _together(app, entity, first, second)


def _impossible_in(entity: Entity, *invariants: ResolvedInvariant) -> tuple[str, ...] | None:
    """The states in which they cannot hold; empty: in none at all; None: they always may."""
    trees = [one.that.tree for one in invariants]
    if impossible(trees, ranges_of(entity)):
        return ()
    life = entity.lifecycle
    reached = [state for state in life.states if state in life.reachable()] if life else []
    found = tuple(state for state in reached if impossible(trees, ranges_of(entity, state)))
    return found or None


def _alone(app: AppFacts, entity: Entity, invariant: ResolvedInvariant, states: tuple[str, ...]) -> Found:
    those = f" that is {' or '.join(f'`{state}`' for state in states)}" if states else ""
    which = f"{with_article(entity.name)}{those}"
    return Found(
        span=invariant.that.span,
        path=f"{app.app.name}.{entity.name}.{invariant.name}",
        message=f"`{invariant.name}` can never hold for {which}",
        help=_help(states),
        witness=(f"a run writes {which}", f"`{invariant.name}` does not hold, whatever it wrote: the run is refused"),
    )


def _help(states: tuple[str, ...]) -> str:
    if not states:
        return "compare it with the bounds of the fields it names, and correct one of them"
    return f"say for which states it is meant: `this.state != '{states[0]}' || …`"


def _together(app: AppFacts, entity: Entity, first: ResolvedInvariant, second: ResolvedInvariant) -> Found:
    return Found(
        span=second.that.span,
        path=f"{app.app.name}.{entity.name}.{second.name}",
        message=f"`{second.name}` and `{first.name}` exclude each other",
        help="say for which rows each of them is meant, or remove one",
        witness=(
            f"a run writes {with_article(entity.name)}",
            f"it breaks `{first.name}` or `{second.name}`: the run is refused",
        ),
        related=(Related(first.that.span, "the other one"),),
        detail=first.name,
    )


RULE = Rule(
    id="STM006",
    name="invariant-contradiction",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
