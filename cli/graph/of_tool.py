"""The picture of a tool's flow, made from its typed nodes and what was found in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cli.graph.marks import Marks
from cli.graph.model import Box, Exit, FlowPicture, Lane, LaneKind, Mark, Undo
from cli.graph.wording import lines_of, notes_of, role_of
from writ.graph.flow import FlowGraph, Step
from writ.graph.supposing import stops_after_success
from writ.nodes.kinds import inner
from writ.nodes.typed import TypedNode, TypedPayment, TypedRefuse, TypedTool
from writ.nodes.typed_terms import Compensation

_FAILURES = {"on_error": "on error", "on_unknown": "outcome unknown"}


def flow_picture(tool: TypedTool, marks: Marks, problems: Sequence[str] = ()) -> FlowPicture:
    """The tool as it is to be seen. `problems` are those that kept a part of it from being drawn."""
    drawing = _Drawing(tool, marks)
    start = Box(
        id=f"tool-{tool.name}-start",
        role="start",
        word="tool",
        title=tool.name,
        lines=tuple(_ways_in(tool)),
        notes=() if tool.whole else ("a part is wrong and left out",),
        marks=drawing.marks_at(tool.name),
    )
    return FlowPicture(
        id=f"tool-{tool.name}",
        name=tool.name,
        description=tool.description,
        start=start,
        boxes=drawing.boxes(tool.flow),
        marks=drawing.every_mark(),
        problems=tuple(problems),
    )


def _ways_in(tool: TypedTool) -> Iterator[str]:
    if tool.http is not None:
        yield " ".join(tool.http)
    if tool.cron is not None:
        yield f"schedule {tool.cron.schedule}"
    if tool.webhook is not None:
        yield f"webhook {tool.webhook.path}"
    if tool.agent is not None:
        yield "shown to agents"
    if tool.public:
        yield "public: nobody needs a token"
    yield "for " + ", ".join(f"{role} ({rows})" for role, rows in tool.allow.items()) if tool.allow else "for nobody"


class _Drawing:
    """One tool being drawn. Nodes are met in the order in which the graph numbers them."""

    def __init__(self, tool: TypedTool, marks: Marks) -> None:
        self._tool = tool
        self._marks = marks
        self._graph = FlowGraph(tool)
        self._steps = iter(self._graph.steps)
        self._paths = frozenset({tool.name, *(f"{tool.name}/{step.path}" for step in self._graph.steps)})

    def marks_at(self, path: str) -> tuple[Mark, ...]:
        """What was found at this path, or at a part of it that is not drawn."""
        return self._marks.nearest(path, self._paths)

    def every_mark(self) -> tuple[Mark, ...]:
        """What was found in the tool, and in the operations outside that it calls."""
        outside = [mark for step in self._graph.steps for mark in self._at_operation(step)]
        return tuple(dict.fromkeys([*self._marks.below(self._tool.name), *outside]))

    def boxes(self, nodes: Sequence[TypedNode]) -> tuple[Box, ...]:
        return tuple(self._box(node) for node in nodes)

    def _box(self, node: TypedNode) -> Box:
        step = next(self._steps)
        facts = step.facts
        lanes = tuple(self._lanes(step, node))
        exits = tuple(self._exits(node))
        return Box(
            id=self._id(step),
            role=role_of(facts),
            word=facts.write.kind if facts.write else facts.kind,
            title=facts.name,
            lines=(*lines_of(node, facts), *_refusal(node, self._tool.refusals)),
            notes=notes_of(facts),
            lanes=lanes,
            exits=exits,
            undo=self._undo(step),
            marks=tuple(dict.fromkeys([*self.marks_at(f"{self._tool.name}/{step.path}"), *self._at_operation(step)])),
            ends=facts.effect in ("answer", "refusal"),
        )

    def _id(self, step: Step) -> str:
        return f"tool-{self._tool.name}-{step.index + 1}"

    def _lanes(self, step: Step, node: TypedNode) -> Iterator[Lane]:
        lists = inner(node)
        written = [name for name, _ in lists]
        for name, nodes in lists:
            yield Lane(_lane_kind(step, name), self._label(step, name), self.boxes(nodes))
        outside = step.facts.outside
        if outside is None:
            return
        if not outside.failure_path:
            yield self._end(step, "on_error", "the run fails")
        if isinstance(node, TypedPayment) and "on_unknown" not in written:
            looked_up = outside.operation is not None and outside.operation.lookup is not None
            parked = "waits for an operator" if node.on_unknown == "park" else "the run fails"
            yield self._end(step, "on_unknown", "is looked up" if looked_up and node.on_unknown is None else parked)

    def _end(self, step: Step, name: str, what: str) -> Lane:
        box = Box(f"{self._id(step)}-{name.removeprefix('on_')}", "stop", "end", what, ends=True)
        return Lane("failure", _FAILURES[name], (box,))

    def _label(self, step: Step, name: str) -> str:
        if name in _FAILURES:
            return _FAILURES[name]
        guard = next((use.expression.source for use in step.facts.uses if use.place == f"{name}.when"), "")
        return f"{name}: {guard}" if guard else name

    def _exits(self, node: TypedNode) -> Iterator[Exit]:
        """The refusals that the author wrote for this node; one that is an end of its own has no way out beside it."""
        code = str(getattr(node, "otherwise", "") or getattr(node, "missing", ""))
        if code in self._tool.refusals:
            yield Exit(code, *self._tool.refusals[code])

    def _undo(self, step: Step) -> Undo | None:
        compensation = step.facts.outside.compensation if step.facts.outside else None
        if compensation is None:
            return None
        box = Box(f"{self._id(step)}-undo", "undo", "undone by", _undoing(step, compensation), _inputs(compensation))
        stops = stops_after_success(self._graph, step)
        return Undo(box, tuple(self._id(one) for one in stops if one.index > step.index))

    def _at_operation(self, step: Step) -> tuple[Mark, ...]:
        outside = step.facts.outside
        if outside is None or outside.connector is None:
            return ()
        found = self._marks.at(outside.connector.name)
        operation = f"{outside.connector.name}/{outside.operation.name}" if outside.operation else ""
        return found + self._marks.at(operation)


def _lane_kind(step: Step, name: str) -> LaneKind:
    if name in _FAILURES:
        return "failure"
    return "inside" if step.facts.kind in ("transaction", "each") else "branch"


def _refusal(node: TypedNode, refusals: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    if isinstance(node, TypedRefuse):
        known = refusals.get(node.refusal)
        yield f"{node.refusal} · {known[0]}" if known else node.refusal


def _undoing(step: Step, compensation: Compensation) -> str:
    if compensation.entity is not None:
        return f"{compensation.entity.name} → {compensation.to}"
    outside = step.facts.outside
    connector = outside.connector.name if outside and outside.connector else ""
    return ".".join(filter(None, (connector, compensation.operation)))


def _inputs(compensation: Compensation) -> tuple[str, ...]:
    return tuple(f"{place} {value.source}" for place, value in compensation.inputs.items())
