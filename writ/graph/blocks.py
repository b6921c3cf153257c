"""What stands in a transaction: the rows it changes, and what has no place there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import FlowGraph, Step

Foreign = Literal["payment", "outside", "rest", "transaction"]
"""What no transaction can hold: money that moves, another call to the outside, a wait or a decision of people, and
another transaction, also that of a called tool.
"""


def blocks(tool: ToolFacts) -> Iterator[Step]:
    """The transactions of a tool, without those that stand in another one."""
    return (step for step in tool.graph.steps if step.facts.block is not None and step.transaction is None)


def writes_in(graph: FlowGraph, block: Step) -> tuple[Step, ...]:
    """The steps below a transaction that change rows, in the order they are written."""
    return tuple(step for step in graph.inside(block) if step.facts.write is not None)


def foreign(app: AppFacts, step: Step) -> Foreign | None:
    """What a step of a transaction brings into it that has no place there; of several, what is worst."""
    called = step.facts.calls
    if called is not None and called not in app.every_tool:
        return None
    effects = app.effects(called) if called is not None else frozenset({step.facts.effect})
    if "payment" in effects:
        return "payment"
    if "external" in effects:
        return "outside"
    if effects & {"wait", "approval"}:
        return "rest"
    return "transaction" if called is not None or step.facts.block is not None else None
