"""All facts of an app that safety rules read: its tools as graphs, where values come from, and what tools call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from writ.graph.flow import FlowGraph, Step
from writ.graph.origins import DataFlow
from writ.nodes.typed import TypedApp, TypedTool
from writ.spec.resolved import Connector, Entity


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """One tool: what it is, every way its runs can take, and where its values come from."""

    tool: TypedTool
    graph: FlowGraph
    data: DataFlow

    @property
    def name(self) -> str:
        """Its name."""
        return self.tool.name


class AppFacts:
    """An app as rules see it. `previous` is the same of the release before, where there is one and it was asked for.

    `tools` are those whose flow is whole: a tool of which a node is wrong is judged once that is mended. `changed`
    limits what is judged tool by tool (None: everything).
    """

    def __init__(self, app: TypedApp, previous: AppFacts | None = None, changed: frozenset[str] | None = None) -> None:
        self.app = app
        self.previous = previous
        self._changed = changed
        self._graphs: dict[str, FlowGraph] = {}

    @cached_property
    def every_tool(self) -> Mapping[str, ToolFacts]:
        """All tools whose flow is whole, by name: for rules about how tools fit together."""
        whole = {name: tool for name, tool in sorted(self.app.tools.items()) if tool.whole}
        return {name: _facts(tool, self.graph_of(tool)) for name, tool in whole.items()}

    def graph_of(self, tool: TypedTool) -> FlowGraph:
        """The graph of any tool of the app, also of one that is wrong itself."""
        if tool.name not in self._graphs:
            self._graphs[tool.name] = FlowGraph(tool)
        return self._graphs[tool.name]

    @cached_property
    def by_file(self) -> Mapping[str, TypedTool | Entity | Connector]:
        """The tools, entities and connectors by the files they stand in; of several in one, the first tool."""
        every = (self.app.tools, self.app.entities, self.app.connectors)
        found: dict[str, TypedTool | Entity | Connector] = {}
        for one in (one for kind in every for one in kind.values()):
            found.setdefault(one.span.file, one)
        return found

    @cached_property
    def tools(self) -> tuple[ToolFacts, ...]:
        """The tools to judge, by name."""
        return tuple(facts for name, facts in self.every_tool.items() if self._changed is None or name in self._changed)

    def path(self, tool: ToolFacts, step: Step | None = None) -> str:
        """The logical path of a tool or of a step in it (`clinic.book_appointment/booking/taken`)."""
        whole = f"{self.app.name}.{tool.name}"
        return f"{whole}/{step.path}" if step else whole

    def steps(self, *effects: str) -> Iterator[tuple[ToolFacts, Step]]:
        """All steps of the tools to judge, or those with one of these effects."""
        for tool in self.tools:
            for step in tool.graph.steps:
                if not effects or step.facts.effect in effects:
                    yield tool, step

    def called(self, name: str) -> frozenset[str]:
        """The tools that a tool calls, directly or through others; its own name only where it calls itself."""
        return self._called.get(name, frozenset())

    def effects(self, name: str) -> frozenset[str]:
        """The effects of a tool and of all tools it calls (`write`, `external`, `payment`, …)."""
        names = {name} | self.called(name)
        tools = (self.every_tool[one] for one in names if one in self.every_tool)
        return frozenset(step.facts.effect for tool in tools for step in tool.graph.steps)

    @cached_property
    def _called(self) -> Mapping[str, frozenset[str]]:
        direct = {
            name: frozenset(step.facts.calls for step in tool.graph.steps if step.facts.calls)
            for name, tool in self.every_tool.items()
        }
        return {name: _closure(name, direct) for name in direct}


def _facts(tool: TypedTool, graph: FlowGraph) -> ToolFacts:
    return ToolFacts(tool, graph, DataFlow(graph))


def _closure(name: str, direct: Mapping[str, frozenset[str]]) -> frozenset[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        for one in direct.get(waiting.pop(), frozenset()) - seen:
            seen.add(one)
            waiting.append(one)
    return frozenset(seen)
