"""Which ways of a flow are left once one value is known: a branch that this value rules out is not gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from writ.graph.flow import FAILED, REFUSED, Edge, FlowGraph, Step
from writ.nodes.facts import Outside
from writ.nodes.kinds import inner
from writ.values.syntax import Call, ListLiteral, Literal, Node, Path, path_of

_TAKES = frozenset({"charge", "authorize", "capture", "payout"})
"""The operations of a payment connector by which money goes on, and does not come back."""


def supposing(condition: Node | None, path: Path, value: str) -> bool | None:
    """What a condition is worth where `value` stands at `path`; None where that alone does not decide it."""
    match condition:
        case Literal(value=bool(known)):
            return known
        case Call(function="!_", arguments=(operand,)):
            return _negated(supposing(operand, path, value))
        case Call(function="_&&_" | "_||_" as function, arguments=arguments):
            decisive = function == "_||_"
            parts = [supposing(part, path, value) for part in arguments]
            return decisive if decisive in parts else None if None in parts else not decisive
        case Call(function="_==_", arguments=(left, right)):
            return _among(left, (right,), path, value) if path_of(left) == path else _among(right, (left,), path, value)
        case Call(function="_!=_", arguments=arguments, at=at):
            return _negated(supposing(Call(at, "_==_", None, arguments), path, value))
        case Call(function="@in", arguments=(left, ListLiteral(elements=elements))):
            return _among(left, elements, path, value)
    return None


def stops_after_success(graph: FlowGraph, step: Step) -> Iterator[Step]:
    """The steps at which a run can still end with a refusal or a failure once `step` has succeeded, in the order they
    are written. A branch that is only taken when the step's own `status` is another is left out.
    """
    path = (step.facts.binds or step.facts.name, "status")
    ways = _ways(graph, path)
    reached = _reached(step.leaves, ways)
    for one in graph.steps:
        comes = one.enters in reached or graph.concurrent(step, one)
        if comes and any(edge.end in (REFUSED, FAILED) for edge in ways.get(one.enters, ())):
            yield one


def unsecured_stop(graph: FlowGraph, step: Step) -> Step | None:
    """The first of these where nothing secures what the step did: no compensation that gives it back, and no pivot at
    it or before it. Behind a pivot a run only goes forward: there it is the first that the author wrote all the same.
    """
    before = (one.facts.outside for one in (step, *graph.steps_always_before(step)))
    stops = stops_after_success(graph, step)
    if any(one.pivot for one in before if one is not None):
        return next((stop for stop in stops if _is_decided(stop)), None)
    return None if step.facts.outside and gives_back(step.facts.outside) else next(stops, None)


def gives_back(outside: Outside) -> bool:
    """Whether a compensation undoes the call by an operation with an effect; for a payment, by none that takes."""
    undoing, connector = outside.compensation, outside.connector
    if undoing is None or outside.payment is None:
        return undoing is not None
    operation = connector.operations.get(undoing.operation or "") if connector else None
    return operation is not None and operation.effect != "none" and operation.name not in _TAKES


def _is_decided(stop: Step) -> bool:
    """Whether the run ends there because its author said so, and not because rows or a service were not as expected."""
    facts = stop.facts
    return facts.effect == "refusal" or (facts.effect == "none" and facts.refuses)


def _ways(graph: FlowGraph, path: Path) -> Mapping[int, list[Edge]]:
    ways: dict[int, list[Edge]] = {}
    for edge in graph.edges:
        if _possible(graph, edge, path):
            ways.setdefault(edge.start, []).append(edge)
    return ways


def _reached(point: int, ways: Mapping[int, list[Edge]]) -> frozenset[int]:
    seen: set[int] = set()
    waiting = [point]
    while waiting:
        for edge in ways.get(waiting.pop(), ()):
            if edge.end not in seen:
                seen.add(edge.end)
                waiting.append(edge.end)
    return frozenset(seen)


def _possible(graph: FlowGraph, edge: Edge, path: Path) -> bool:
    step = graph.step_at(edge.start)
    if step is None or edge.start != step.enters:
        return True
    if step.facts.kind == "require":
        return _guard(step, "that", path) is not (edge.end == REFUSED)
    if step.facts.kind in ("if", "switch"):
        return any(_entered(step, name, path) for name in _branches(graph, step, edge))
    return True


def _branches(graph: FlowGraph, chooser: Step, edge: Edge) -> list[str]:
    """The branches an edge stands for: those without a node all lead straight behind the choice."""
    if edge.end == chooser.leaves:
        return [name for name, nodes in inner(chooser.node) if not nodes]
    taken = graph.step_at(edge.end)
    return [name for index, name in taken.containers if index == chooser.index] if taken else []


def _entered(chooser: Step, branch: str, path: Path) -> bool:
    for name, _ in inner(chooser.node):
        worth = _guard(chooser, "when" if name == "then" else f"{name}.when", path)
        last = name in ("else", "default")
        if name == branch:
            return last or worth is not False
        if worth:
            return False
    return True


def _guard(step: Step, place: str, path: Path) -> bool | None:
    tree = next((use.expression.tree for use in step.facts.uses if use.place == place), None)
    return supposing(tree, path, "succeeded")


def _among(left: Node, elements: tuple[Node, ...], path: Path, value: str) -> bool | None:
    if path_of(left) != path:
        return None
    known = [element.value for element in elements if isinstance(element, Literal)]
    return True if value in known else False if len(known) == len(elements) else None


def _negated(known: bool | None) -> bool | None:
    return None if known is None else not known
