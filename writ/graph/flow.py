"""The control-flow graph of a tool: its nodes as steps, where each stands, and every way a run can take."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

from writ.graph.dominance import Dominance
from writ.nodes.facts import Facts
from writ.nodes.kinds import facts_of, inner
from writ.nodes.typed import TypedNode, TypedTool

Why = Literal[
    "starts",  # the run begins
    "next",  # what stands behind
    "succeeds",  # the node is done, or its transaction commits
    "refuses",  # the run ends with a refusal
    "fails",  # the world outside failed
    "unknown",  # nobody knows whether it happened
    "taken",  # a case, branch or repetition is entered
    "passed",  # no case, or no further repetition
    "answers",  # the run ends with an answer
]

START, ANSWERED, REFUSED, FAILED = 0, 1, 2, 3
"""The points every graph has: where a run begins and the ways it ends."""

_FIRST = 4


@dataclass(frozen=True, slots=True)
class Step:
    """A node in its place. `path` is its logical path in the tool (`placing/order`), which survives moved lines.

    `containers` are the indexes of the steps it stands in, from the outermost on, each with the name of the list
    (`nodes`, `then`, `case 1`, `on_error`, a branch). `transaction` is the index of the outermost transaction it stands
    in, or None.
    """

    index: int
    path: str
    facts: Facts
    node: TypedNode
    containers: tuple[tuple[int, str], ...] = ()
    transaction: int | None = None

    @property
    def enters(self) -> int:
        """The point at which a run comes to it."""
        return _FIRST + 2 * self.index

    @property
    def leaves(self) -> int:
        """The point at which it is done: for a transaction, where it has committed."""
        return _FIRST + 2 * self.index + 1


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one point to another."""

    start: int
    end: int
    why: Why


class FlowGraph:
    """Every way a run of a tool can take. Branches of a `parallel` all run: here they follow one another, and
    `concurrent` tells which steps may run at the same time.
    """

    def __init__(self, tool: TypedTool) -> None:
        built = _Builder()
        built.flow(tool.flow)
        self.tool = tool
        self.steps: tuple[Step, ...] = tuple(built.steps)
        self.edges: tuple[Edge, ...] = tuple(built.edges)

    @cached_property
    def _ways(self) -> Mapping[int, tuple[Edge, ...]]:
        ways: dict[int, list[Edge]] = {}
        for edge in self.edges:
            ways.setdefault(edge.start, []).append(edge)
        return {point: tuple(edges) for point, edges in ways.items()}

    @cached_property
    def _dominance(self) -> Dominance:
        return Dominance(START, {point: [edge.end for edge in edges] for point, edges in self._ways.items()})

    @cached_property
    def _binders(self) -> Mapping[str, Step]:
        return {step.facts.binds: step for step in self.steps if step.facts.binds}

    def binder(self, name: str) -> Step | None:
        """The step whose result has that name."""
        return self._binders.get(name)

    def transaction_of(self, step: Step) -> Step | None:
        """The outermost transaction the step stands in."""
        return None if step.transaction is None else self.steps[step.transaction]

    def container(self, step: Step) -> Step | None:
        """What the step stands in."""
        return self.steps[step.containers[-1][0]] if step.containers else None

    def is_reachable(self, step: Step) -> bool:
        """Whether any run comes to the step."""
        return self._dominance.reachable(step.enters)

    def always_before(self, first: Step, second: Step) -> bool:
        """Whether every run that comes to `second` is done with `first` (has committed it, for a transaction)."""
        return first.index != second.index and self._dominance.dominates(first.leaves, second.enters)

    def steps_always_before(self, step: Step) -> Iterator[Step]:
        """The steps every run is done with that comes to `step`, the nearest first."""
        for point in self._dominance.dominators(step.enters):
            if point >= _FIRST and (point - _FIRST) % 2:
                yield self.steps[(point - _FIRST) // 2]

    def committed_before(self, step: Step) -> Iterator[Step]:
        """The transactions every run has committed when it comes to `step`, the nearest first."""
        return (one for one in self.steps_always_before(step) if one.facts.kind == "transaction")

    def can_follow(self, first: Step, second: Step) -> bool:
        """Whether some run comes to `second` after it was done with `first`."""
        return second.enters in self._reached(first.leaves)

    def after(self, step: Step) -> Iterator[Step]:
        """The steps some run comes to after it was done with `step`, in the order they are written."""
        reached = self._reached(step.leaves)
        return (one for one in self.steps if one.enters in reached)

    def before(self, step: Step) -> Iterator[Step]:
        """The steps some run was done with before it comes to `step`, in the order they are written."""
        reaching = self._reaching(step.enters)
        return (one for one in self.steps if one.leaves in reaching)

    def can_end(self, step: Step, end: int) -> bool:
        """Whether some run that was done with `step` ends at ANSWERED, REFUSED or FAILED."""
        return end in self._reached(step.leaves)

    def way(self, start: int, end: int) -> tuple[Edge, ...] | None:
        """A shortest way between two points; None where there is none."""
        came = self._came_from_start if start == START else self._came(start)
        if end not in came:
            return None
        way = [came[end]]
        while way[-1].start != start:
            way.append(came[way[-1].start])
        return tuple(reversed(way))

    def _came(self, start: int) -> Mapping[int, Edge]:
        """The last edge of a shortest way from `start` to each point that can be reached."""
        came: dict[int, Edge] = {}
        waiting = deque([start])
        while waiting:
            for edge in self._ways.get(waiting.popleft(), ()):
                if edge.end not in came and edge.end != start:
                    came[edge.end] = edge
                    waiting.append(edge.end)
        return came

    @cached_property
    def _came_from_start(self) -> Mapping[int, Edge]:
        return self._came(START)

    def step_at(self, point: int) -> Step | None:
        """The step a point belongs to; None for where a run begins and ends."""
        return self.steps[(point - _FIRST) // 2] if point >= _FIRST else None

    def concurrent(self, first: Step, second: Step) -> bool:
        """Whether the two stand in different branches of one `parallel`."""
        for (one, its_list), (other, other_list) in zip(first.containers, second.containers, strict=False):
            if one != other:
                return False
            if its_list != other_list:
                return self.steps[one].facts.kind == "parallel"
        return False

    def repeated(self, step: Step) -> Iterator[Step]:
        """The steps that repeat it, from the innermost on."""
        for index, _ in reversed(step.containers):
            if self.steps[index].facts.repetition is not None:
                yield self.steps[index]

    def inside(self, container: Step) -> Iterator[Step]:
        """All steps below a container, at any depth."""
        return (step for step in self.steps if any(index == container.index for index, _ in step.containers))

    def _reached(self, point: int) -> frozenset[int]:
        return _closure(point, lambda at: [edge.end for edge in self._ways.get(at, ())])

    @cached_property
    def _backwards(self) -> Mapping[int, tuple[int, ...]]:
        back: dict[int, list[int]] = {}
        for edge in self.edges:
            back.setdefault(edge.end, []).append(edge.start)
        return {point: tuple(starts) for point, starts in back.items()}

    def _reaching(self, point: int) -> frozenset[int]:
        return _closure(point, lambda at: self._backwards.get(at, ()))


def _closure(point: int, following: Callable[[int], Sequence[int]]) -> frozenset[int]:
    seen: set[int] = set()
    waiting = [point]
    while waiting:
        for one in following(waiting.pop()):
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return frozenset(seen)


_Open = list[tuple[int, Why]]
"""Points from which the flow goes on, and why it does."""

_Lists = Sequence[tuple[str, Sequence[TypedNode]]]

_FAILURES: tuple[tuple[str, Why], ...] = (("on_error", "fails"), ("on_unknown", "unknown"))


class _Builder:
    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.edges: list[Edge] = []
        self._containers: tuple[tuple[int, str], ...] = ()
        self._path: tuple[str, ...] = ()
        self._transaction: int | None = None

    def flow(self, nodes: Sequence[TypedNode]) -> None:
        self._end(self._nodes(nodes, [(START, "starts")]), ANSWERED, "answers")

    def _nodes(self, nodes: Sequence[TypedNode], opens: _Open) -> _Open:
        for node in nodes:
            opens = self._node(node, opens)
        return opens

    def _node(self, node: TypedNode, opens: _Open) -> _Open:
        step = self._step(node)
        self._end(opens, step.enters, None)
        facts = step.facts
        if facts.refuses:
            self._edge(step.enters, REFUSED, "refuses")
        if facts.effect == "refusal":
            self._edge(step.enters, REFUSED, "refuses")
            return []
        if facts.effect == "answer":
            self._edge(step.enters, ANSWERED, "answers")
            return []
        lists = inner(node)
        if facts.outside is not None:
            return self._outside(step, lists)
        if facts.fails:
            self._edge(step.enters, FAILED, "fails")
        return self._container(step, lists) if lists else self._done(step, [(step.enters, "succeeds")])

    def _outside(self, step: Step, lists: _Lists) -> _Open:
        """A call: it succeeds, or goes the way written for its failure, or fails the run."""
        named, facts = dict(lists), step.facts
        opens: _Open = [(step.enters, "succeeds")]
        for name, why in _FAILURES:
            if name in named:
                opens += self._list(step, name, named[name], why)
        if facts.outside is None or not facts.outside.failure_path:
            self._edge(step.enters, FAILED, "fails")
        elif "on_error" not in named:
            opens.append((step.enters, "fails"))
        return self._done(step, opens)

    def _container(self, step: Step, lists: _Lists) -> _Open:
        if step.facts.kind == "transaction":
            return self._done(step, self._list(step, *lists[0], "next"), "succeeds")
        if step.facts.kind == "parallel":
            return self._parallel(step, lists)
        if step.facts.repetition is not None:
            self._end(self._list(step, *lists[0], "taken"), step.enters, "next")
            return self._done(step, [(step.enters, "passed")])
        opens: _Open = []
        for name, nodes in lists:
            opens += self._list(step, name, nodes, "taken")
        return self._done(step, opens)

    def _parallel(self, step: Step, lists: _Lists) -> _Open:
        opens: _Open = [(step.enters, "taken")]
        for name, nodes in lists:
            opens = self._inside(step, name, partial(self._nodes, nodes, opens))
        return self._done(step, opens)

    def _list(self, step: Step, name: str, nodes: Sequence[TypedNode], why: Why) -> _Open:
        return self._inside(step, name, lambda: self._nodes(nodes, [(step.enters, why)]))

    def _inside(self, step: Step, name: str, build: Callable[[], _Open]) -> _Open:
        before = self._containers, self._path, self._transaction
        self._containers = (*self._containers, (step.index, name))
        self._path = (*self._path, step.facts.name)
        if step.facts.kind == "transaction" and self._transaction is None:
            self._transaction = step.index
        opens = build()
        self._containers, self._path, self._transaction = before
        return opens

    def _step(self, node: TypedNode) -> Step:
        facts = facts_of(node)
        path = "/".join((*self._path, facts.name))
        step = Step(len(self.steps), path, facts, node, self._containers, self._transaction)
        self.steps.append(step)
        return step

    def _done(self, step: Step, opens: _Open, why: Why | None = None) -> _Open:
        self._end(opens, step.leaves, why)
        return [(step.leaves, "next")] if opens else []

    def _end(self, opens: _Open, point: int, why: Why | None) -> None:
        for start, its in opens:
            self._edge(start, point, why or its)

    def _edge(self, start: int, end: int, why: Why) -> None:
        self.edges.append(Edge(start, end, why))
