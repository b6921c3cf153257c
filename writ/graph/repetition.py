"""How often a step can happen in one run, by the declared bounds of what repeats it."""

from __future__ import annotations

from math import prod

from writ.graph.flow import FlowGraph, Step

TOO_OFTEN = 10_000
"""Repetitions that one run may make at most, those inside of others multiplied."""


def times_around(graph: FlowGraph, step: Step) -> int:
    """How often what stands around it repeats it; what has no bound counts once."""
    return prod(one.facts.repetition.most or 1 for one in graph.repeated(step) if one.facts.repetition is not None)


def times_of(graph: FlowGraph, step: Step) -> int:
    """The same, with its own repetition."""
    own = step.facts.repetition.most if step.facts.repetition is not None else None
    return times_around(graph, step) * (own or 1)
