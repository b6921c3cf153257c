"""A witness: how a run goes wrong, step by step, in words made from the graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from writ.graph.flow import START, Edge, FlowGraph, Step

_SHOWN_AT_EACH_END = 10
"""Sentences of a way that are told before and behind its middle, where it is too long for a reader."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What happens at a step of a witness: `what` follows the step's name (`succeeds`, `fails`)."""

    step: Step
    what: str


def witness(graph: FlowGraph, moments: Sequence[Moment], end: str) -> tuple[str, ...]:
    """How a run comes to the last of the moments through all of them, and how it `end`s: one sentence a step.

    Between the moments stand the transactions that commit and the calls that are made on the way, because what they do
    stays. Moments whose step no run reaches are told without a way.
    """
    told: list[str] = []
    point = START
    for moment in moments:
        told.extend(_readable(tuple(_on_the_way(graph, point, moment.step))))
        told.append(f"`{moment.step.facts.name}` {moment.what}")
        point = moment.step.leaves
    return (*told, end)


def way_to(graph: FlowGraph, step: Step) -> tuple[str, ...]:
    """How a run comes to a step: what lasts and which cases it takes on the way, one sentence a step."""
    return (*_readable(tuple(_on_the_way(graph, START, step))), f"the run comes to `{step.facts.name}`")


def _readable(told: tuple[str, ...]) -> tuple[str, ...]:
    """A long way without its middle."""
    left_out = len(told) - 2 * _SHOWN_AT_EACH_END
    if left_out < 2:
        return told
    return (*told[:_SHOWN_AT_EACH_END], f"{left_out} more steps follow", *told[-_SHOWN_AT_EACH_END:])


def _on_the_way(graph: FlowGraph, point: int, step: Step) -> Iterator[str]:
    way = graph.way(point, step.enters) or ()
    for edge in way:
        found = graph.step_at(edge.end)
        if found is not None and edge.end == found.leaves and found.index != step.index:
            yield from _lasting(found, edge)
    yield from _guards(graph, way, step)


def _lasting(step: Step, edge: Edge) -> Iterator[str]:
    if step.facts.kind == "transaction":
        yield f"`{step.facts.name}` commits"
    elif step.facts.outside is not None:
        yield f"`{step.facts.name}` {'succeeds' if edge.why == 'succeeds' else 'fails and the run goes on'}"
    elif step.facts.effect == "approval":
        yield f"`{step.facts.name}` is approved"
    elif step.facts.effect == "wait":
        yield f"`{step.facts.name}` has passed"


def _guards(graph: FlowGraph, way: Sequence[Edge], step: Step) -> Iterator[str]:
    """The cases a run must take to come there: without them a reader would look for the branch."""
    for edge, after in pairwise((*way, Edge(step.enters, step.enters, "next"))):
        chooser = graph.step_at(edge.start)
        taken = graph.step_at(edge.end)
        if chooser is None or taken is None or edge.why != "taken" or chooser.facts.kind not in ("if", "switch"):
            continue
        branch = next((name for index, name in taken.containers if index == chooser.index), "")
        if branch and after.start == edge.end and taken.index != chooser.index:
            yield f"`{chooser.facts.name}` takes `{branch}`"
