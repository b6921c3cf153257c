"""A state that no row ever reaches, or that rows enter and no tool ever moves them on from.

Catches:
    A state to which no chain of declared moves leads from the initial one (of several that only lead to each other, or
    of a chain, the first); and a state that tools move rows into, that declares where it goes on to, and that no tool
    of the app ever leaves.

Dangerous because:
    What waits for a state that never comes, waits for ever. Rows that cannot go on pile up: an order that was paid and
    can be neither shipped nor refunded.

Avoid:
    states:
      placed: {initial: true, to: [paid], meaning: It is asked for.}
      paid: {meaning: The money is there.}
      lost: {to: [paid], meaning: Nobody knows where it is.}

Prefer:
    states:
      placed: {initial: true, to: [paid, lost], meaning: It is asked for.}
      paid: {meaning: The money is there.}
      lost: {to: [paid], meaning: Nobody knows where it is.}

Cannot see:
    Whether a tool that could move rows on is ever called, and whether it finds them: that is why it is only a warning.
    Rows that stay in the initial state are not told, nor anything about tools while one of them is wrong itself. A
    state without `to` is where a row may end. Where a tool moves rows to a state that nothing leads to, STM001 speaks.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts
from writ.graph.moves import Move, named_targets, performed_moves
from writ.lifecycle import Lifecycle
from writ.problems import with_article
from writ.rules.rule import Rule
from writ.spec.resolved import Entity


def check(app: AppFacts) -> Iterator[Found]:
    """States without a way to them, and states that are entered and never left."""
    targets, moves = named_targets(app), performed_moves(app)
    every_tool_is_known = len(app.every_tool) == len(app.app.tools)
    for entity in app.app.entities.values():
        if entity.lifecycle is not None and entity.lifecycle.whole:
            yield from _unreachable(app, entity, entity.lifecycle, targets.get(entity.name, frozenset()))
            if every_tool_is_known:
                yield from _stuck(app, entity, entity.lifecycle, moves.get(entity.name, frozenset()))


def _unreachable(app: AppFacts, entity: Entity, life: Lifecycle, targets: frozenset[str]) -> Iterator[Found]:
    lost = [state for state in life.states if state not in life.reachable()]
    beginnings = [state for state in lost if not set(life.sources(state)) & set(lost)]
    told_by_tools = {state for state in targets if not life.sources(state)} if lost else set()
    for state in beginnings or lost[:1]:
        if state in told_by_tools:
            continue
        message = f"no way leads from `{life.initial}` to `{state}`"
        help = f"add `{state}` to the `to` of a state that comes before it, or remove it"
        yield _found(app, entity, life, state, message, help, f"every {entity.name} begins as `{life.initial}`")


def _stuck(app: AppFacts, entity: Entity, life: Lifecycle, moves: frozenset[Move]) -> Iterator[Found]:
    for state in life.states:
        onward = life.moves.get(state, ())
        entered = [source for source, target in moves if target == state]
        if onward and entered and all(source != state for source, _ in moves):
            targets = " or ".join(f"`{target}`" for target in onward)
            message = f"rows of {entity.name} become `{state}`, and no tool ever moves them on"
            help = f"write a tool that moves them to {targets}, or leave `to` out if they end here"
            yield _found(
                app, entity, life, state, message, help, f"a tool moves {with_article(entity.name)} to `{state}`"
            )


def _found(app: AppFacts, entity: Entity, life: Lifecycle, state: str, message: str, help: str, first: str) -> Found:
    return Found(
        span=life.spans.get(state, entity.span),
        path=f"{app.app.name}.{entity.name}.{state}",
        message=message,
        help=help,
        witness=(first, message),
    )


RULE = Rule(
    id="STM002",
    name="unreachable-or-dead",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
