"""Which step of a flow is which in another version of it: by where it stands, by its name, by what it does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Literal

from writ.changes.expressions import same
from writ.graph.flow import FlowGraph, Step
from writ.values.syntax import Node

How = Literal["stays", "moved", "renamed"]


@dataclass(frozen=True, slots=True)
class StepPair:
    """One step in both versions. `how` it got from one to the other."""

    old: Step
    new: Step
    how: How


@dataclass(frozen=True, slots=True)
class Matched:
    """The steps of two flows: those both have, those that are gone and those that are new, as they are written."""

    pairs: tuple[StepPair, ...]
    gone: tuple[Step, ...]
    fresh: tuple[Step, ...]


_Key = Callable[[Step], Hashable]


def matched(old: FlowGraph, new: FlowGraph) -> Matched:
    """The steps of two versions of a flow, each with its own counterpart."""
    left, right = list(old.steps), list(new.steps)
    pairs: list[StepPair] = []
    keys: tuple[tuple[How, _Key], ...] = (("stays", _standing), ("moved", _named), ("renamed", _doing))
    for how, key in keys:
        found = _pairs(left, right, key, how)
        pairs += found
        left = [step for step in left if all(step is not pair.old for pair in found)]
        right = [step for step in right if all(step is not pair.new for pair in found)]
    return Matched(tuple(sorted(pairs, key=lambda pair: pair.new.index)), tuple(left), tuple(right))


def _pairs(left: Iterable[Step], right: Iterable[Step], key: _Key, how: How) -> list[StepPair]:
    """Steps with the same key, the first with the first, as long as there are two."""
    waiting: dict[Hashable, list[Step]] = defaultdict(list)
    for step in right:
        waiting[key(step)].append(step)
    found = []
    for step in left:
        if waiting[key(step)]:
            found.append(StepPair(step, waiting[key(step)].pop(0), how))
    return found


def _standing(step: Step) -> Hashable:
    return step.facts.kind, step.path, tuple(name for _, name in step.containers)


def _named(step: Step) -> Hashable:
    return step.facts.kind, step.facts.name


def _doing(step: Step) -> Hashable:
    """What it does, whatever it is called. A step that says nothing of what it does is like no other."""
    facts = step.facts
    uses: tuple[tuple[str, Node | str | None], ...] = tuple((use.place, same(use.expression)) for use in facts.uses)
    entity = facts.write.entity if facts.write else facts.read.entity if facts.read else None
    about = (entity.name if entity else "", facts.write.to if facts.write else "", facts.calls or "")
    if not uses and not any(about) and facts.outside is None and facts.approval is None:
        return id(step)
    called = (facts.outside.connector.name if facts.outside.connector else "") if facts.outside else ""
    return facts.kind, about, called, uses
