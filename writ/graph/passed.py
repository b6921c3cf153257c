"""What is known to be true when a run comes to a step."""

from __future__ import annotations

from collections.abc import Iterator

from writ.graph.app import ToolFacts
from writ.graph.flow import Step
from writ.graph.outcomes import negated
from writ.nodes.facts import Use
from writ.values.syntax import Node


def passed(tool: ToolFacts, step: Step) -> tuple[Node, ...]:
    """The conditions that hold there: those required before it, and those of the cases it stands in."""
    return tuple(_holding(tool, step))


def _holding(tool: ToolFacts, step: Step) -> Iterator[Node]:
    lists = dict(step.containers)
    for one, use in tool.data.guards(step):
        tree = use.expression.tree
        if tree is None:
            continue
        if one.index not in lists or lists[one.index] in ("then", _case(use)):
            yield tree
        elif lists[one.index] == "else":
            yield negated(tree)


def _case(use: Use) -> str:
    """`case 1` of `case 1.when`."""
    return use.place.rpartition(".")[0]
