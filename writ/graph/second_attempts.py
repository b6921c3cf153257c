"""Calls that are made again by another node when the first one failed, with the same key, and the time between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from writ.graph.app import ToolFacts
from writ.graph.flow import Step
from writ.values.syntax import Node


@dataclass(frozen=True, slots=True)
class SecondAttempt:
    """`again` stands on a path behind the failure of `first`. `longest`: the most seconds from the first attempt of the
    one to the last of the other; None where nobody can say.
    """

    tool: ToolFacts
    first: Step
    again: Step
    longest: float | None


def second_attempts(tool: ToolFacts, effect: str) -> Iterator[SecondAttempt]:
    """The steps with that effect that repeat a step they stand behind the failure of: both have the same key."""
    for again in tool.graph.steps:
        for index, _ in again.containers if again.facts.effect == effect else ():
            first = tool.graph.steps[index]
            if first.facts.effect == effect and _key(first) is not None and _key(first) == _key(again):
                yield SecondAttempt(tool, first, again, _longest(tool, first, again))


def _key(step: Step) -> Node | None:
    return next((use.expression.tree for use in step.facts.uses if use.purpose == "key"), None)


def _longest(tool: ToolFacts, first: Step, again: Step) -> float | None:
    between = [
        step
        for step in tool.graph.steps
        if any(index == first.index for index, _ in step.containers) and tool.graph.can_follow(step, again)
    ]
    times = [_calling(first), *(_resting(step) for step in between if step.index != again.index), _calling(again)]
    known = [time for time in times if time is not None]
    return sum(known) if len(known) == len(times) else None


def _calling(step: Step) -> float | None:
    return step.facts.outside.policy.schedule_to_close if step.facts.outside else 0.0


def _resting(step: Step) -> float | None:
    if step.facts.rest is not None:
        return step.facts.rest.longest
    if step.facts.approval is not None:
        return step.facts.approval.within
    return _calling(step)
