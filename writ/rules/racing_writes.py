"""Branches that run at the same time write the same.

Catches:
    Two branches of a `parallel` that write rows of one entity, also through a `call`, unless both only create; a branch
    that writes rows of an entity which another reads with a `lock`; and two that move money by the same reference.

Dangerous because:
    Which of them is first is decided anew in every run. The last one wins, or they wait for each other until one is
    given up; two refunds of one payment may both go through.

Avoid:
    - parallel: both
      branches:
        a:
          - transaction: counting
            nodes:
              - update: counted
                entity: Product
                where: {id: input.product}
                set: {stock: input.pieces}
        b:
          - transaction: renaming
            nodes:
              - update: renamed
                entity: Product
                where: {id: input.product}
                set: {title: input.title}

Prefer:
    - transaction: changing
      nodes:
        - update: changed
          entity: Product
          where: {id: input.product}
          set: {stock: input.pieces, title: input.title}

Cannot see:
    That two branches mean different rows of one entity: they are told all the same, because nothing proves it. Reads
    without a `lock` are left out, and so are other runs at the same time: transactions keep those apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class _Touch:
    """What a step does with something that others may want too. `what` is an entity's name or a payment."""

    how: Literal["creates", "writes", "locks", "pays"]
    what: str


def check(app: AppFacts) -> Iterator[Found]:
    """The first two steps of different branches that want the same, for each thing and each parallel."""
    for tool in app.tools:
        told: set[tuple[int, str]] = set()
        for first, second in _at_the_same_time(tool):
            what = _wanted_by_both(_touches(app, tool, first), _touches(app, tool, second))
            if what is not None and (_parallel(first, second), what) not in told:
                told.add((_parallel(first, second), what))
                yield _found(app, tool, first, second, what)


def _at_the_same_time(tool: ToolFacts) -> Iterator[tuple[Step, Step]]:
    graph = tool.graph
    for parallel in graph.steps:
        if parallel.facts.kind == "parallel":
            pairs = combinations(graph.inside(parallel), 2)
            yield from (pair for pair in pairs if graph.concurrent(*pair) and _parallel(*pair) == parallel.index)


def _parallel(first: Step, second: Step) -> int:
    """The index of the container whose branches they stand in."""
    pairs = zip(first.containers, second.containers, strict=False)
    return next(one[0] for one, other in pairs if one != other)


def _wanted_by_both(ones: frozenset[_Touch], others: frozenset[_Touch]) -> str | None:
    found = (one.what for one in ones for other in others if one.what == other.what and _race(one, other))
    return min(found, default=None)


def _race(one: _Touch, other: _Touch) -> bool:
    hows = {one.how, other.how}
    return hows == {"pays"} or ("writes" in hows and hows <= {"creates", "writes", "locks"})


def _touches(app: AppFacts, tool: ToolFacts, step: Step) -> frozenset[_Touch]:
    if step.facts.calls is None:
        return frozenset(_own(tool, step))
    names = {step.facts.calls, *app.called(step.facts.calls)}
    called = [app.every_tool[name] for name in names if name in app.every_tool]
    return frozenset(touch for it in called for one in it.graph.steps for touch in _own(it, one) if touch.how != "pays")


def _own(tool: ToolFacts, step: Step) -> Iterator[_Touch]:
    write, read = step.facts.write, step.facts.read
    if write is not None and write.entity is not None:
        yield _Touch("creates" if write.kind == "create" else "writes", write.entity.name)
    if read is not None and read.lock is not None:
        yield _Touch("locks", read.entity.name)
    if step.facts.outside is not None and step.facts.outside.payment is not None:
        for use in step.facts.uses:
            if use.purpose == "reference":
                yield _Touch("pays", f"payment {' '.join(sorted(it.name for it in tool.data.of_use(use)))}")


def _found(app: AppFacts, tool: ToolFacts, first: Step, second: Step, what: str) -> Found:
    names = first.facts.name, second.facts.name
    payment = what.startswith("payment ")
    shared = "move money by the same reference" if payment else f"both want rows of {what}"
    return Found(
        span=second.facts.span,
        path=app.path(tool, second),
        message=f"`{names[0]}` and `{names[1]}` run at the same time and {shared}",
        help=f"put `{names[1]}` behind the `parallel`, or both into one branch, in the order that is meant",
        witness=witness(
            tool.graph,
            [Moment(first, "is under way"), Moment(second, "begins at the same time")],
            "whichever comes last decides, and that is another one in the next run",
        ),
        related=(Related(first.facts.span, "the other one"),),
        detail=what,
    )


RULE = Rule(
    id="DET005",
    name="racing-writes",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
