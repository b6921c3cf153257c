"""How many events the history of a run can have at most: arithmetic over the flow and its declared bounds.

Counted in recorded runs: a run with one transaction leaves eight events, one of them the marker of the transaction. An
activity leaves three (scheduled, started, completed), a timer two, a signal one, and what comes back from outside wakes
the run with a workflow task of three more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.nodes.facts import Facts

FRAME = 7
"""The start of a run, its first workflow task, its audit record, its search attributes and its end."""

_TRANSACTION = 1
_TASK = 3
_ACTIVITY = 3 + _TASK
_TIMER = 2 + _TASK
_SIGNAL = 1 + _TASK


@dataclass(frozen=True, slots=True)
class History:
    """A step, and the most events of it with all that is in it."""

    step: Step
    events: int


def events_of(app: AppFacts, tool: ToolFacts) -> int:
    """The most events of a run of the tool. What has no bound counts once; a tool that is called counts as if its
    nodes stood here, and one that comes back to itself is counted once.
    """
    return FRAME + sum(one.events for one in parts(app, tool))


def parts(app: AppFacts, tool: ToolFacts) -> tuple[History, ...]:
    """The outermost steps of a tool, each with its events."""
    return _Counting(_called_by(app, tool)).parts(tool)


def _called_by(app: AppFacts, tool: ToolFacts) -> dict[str, int]:
    """The events of every tool that is called from here on, those that call nothing first: calls may be many deep."""
    known = {tool.name: 0}
    waiting = [(tool, iter(_calls(tool)))]
    while waiting:
        caller, calls = waiting[-1]
        name = next(calls, None)
        called = app.every_tool.get(name) if name is not None else None
        if called is not None and called.name not in known:
            known[called.name] = 0
            waiting.append((called, iter(_calls(called))))
        elif name is None:
            waiting.pop()
            if waiting:
                known[caller.name] = FRAME + sum(one.events for one in _Counting(known).parts(caller))
    return known


def _calls(tool: ToolFacts) -> list[str]:
    return [step.facts.calls for step in tool.graph.steps if step.facts.calls is not None]


class _Counting:
    """`known` are the tools that are called; one that calls itself in the end is known with nothing."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._known = known
        self._below: dict[int | None, list[Step]] = {}

    def parts(self, tool: ToolFacts) -> tuple[History, ...]:
        for step in tool.graph.steps:
            self._below.setdefault(step.containers[-1][0] if step.containers else None, []).append(step)
        return tuple(History(step, self.of(step)) for step in self._below.get(None, ()))

    def of(self, step: Step) -> int:
        facts = step.facts
        if facts.block is not None or step.transaction is not None:
            return _TRANSACTION if step.transaction is None else 0
        return self._own(facts) + _times(facts) * self._inside(step)

    def _own(self, facts: Facts) -> int:
        if facts.outside is not None:
            return _ACTIVITY * (1 if facts.outside.compensation is None else 2)
        if facts.approval is not None:
            return _TIMER + _SIGNAL * facts.approval.number
        if facts.calls is not None:
            return self._known.get(facts.calls, 0)
        return _TIMER if facts.effect == "wait" else 0

    def _inside(self, step: Step) -> int:
        """One list of a choice is taken, all of anything else."""
        lists: dict[str, int] = {}
        for inner in self._below.get(step.index, ()):
            name = inner.containers[-1][1]
            lists[name] = lists.get(name, 0) + self.of(inner)
        return _together(lists.values(), one_of=step.facts.kind in ("if", "switch") or step.facts.outside is not None)


def _times(facts: Facts) -> int:
    if facts.repetition is None:
        return 1
    return 1 if facts.repetition.most is None else facts.repetition.most


def _together(events: Iterable[int], *, one_of: bool) -> int:
    return max(events, default=0) if one_of else sum(events)
