"""`parallel`: branches that run at the same time, between transactions."""

from __future__ import annotations

from pydantic import Field

from writ.nodes.context import Context
from writ.nodes.facts import Facts
from writ.nodes.stated import Inner
from writ.nodes.typed import TypedBranch, TypedParallel
from writ.spec.raw_parts import NodePart
from writ.spec.shape import Name, SpecModel


class ParallelNode(SpecModel):
    """The run goes on when all `branches` have ended; `at_most` so many run at a time."""

    parallel: Name
    """The name of the node."""
    branches: dict[Name, list[NodePart]]
    """The branches by their names, each a list of nodes; none sees what another binds."""
    at_most: int | None = Field(default=None, ge=1)
    """So many run at a time."""


def check(node: ParallelNode, context: Context) -> TypedParallel:
    """A parallel is sound when its branches are. What they bind is seen behind it, not in each other."""
    context.claim(node.parallel)
    if not node.branches:
        span = node.marked.key_spans["branches"]
        context.problem("no-nodes", span, f"nothing happens in `{node.parallel}`", "write its branches, or remove it")
    branches = []
    places = []
    for name, nodes in node.branches.items():
        place = context.branch()
        branches.append(TypedBranch(str(name), name.span, place.nodes(nodes)))
        places.append(place)
    for place in places:
        _join(place, context)
    return TypedParallel(node.parallel, node.parallel.span, tuple(branches), node.at_most)


def _join(place: Context, context: Context) -> None:
    """Behind all branches holds what holds behind each; a branch that ends the run ends it for all."""
    for name, type in place.names.types.items():
        if name not in context.names.types:
            context.names = context.names.with_name(name, type)
    context.names = context.names.knowing(place.names.present)
    context.ended = context.ended or place.ended
    context.unsure = context.unsure or place.unsure


def facts(node: TypedParallel) -> Facts:
    """What happens is in its branches."""
    return Facts(kind="parallel", name=node.name, span=node.span)


def inner(node: TypedParallel) -> Inner:
    """The branches by their names."""
    return tuple((branch.name, branch.nodes) for branch in node.branches)
