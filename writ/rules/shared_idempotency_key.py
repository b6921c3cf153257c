"""Two effects have one idempotency key, so that the second is silently dropped.

Catches:
    A `key` of a `payment` or `http` node that is the same expression as that of another node of the tool with the same
    connector, when one run can come to both; a `key` that is a constant or only says who calls, and so is the same in
    every run; and a `key` inside an `each` that mentions neither the item nor anything found in that repetition, also
    where it is computed there from nothing of the kind.

Dangerous because:
    A provider answers a key that it knows with its first answer, and does nothing. The run reads `succeeded` for a
    payment that was never made.

Avoid:
    - each: lines
      over: input.lines
      as: line
      max: 20
      nodes:
        - payment: charge
          connector: payments
          operation: charge
          amount: line.price
          key: string(order.id)

Prefer:
    - each: lines
      over: input.lines
      as: line
      max: 20
      nodes:
        - payment: charge
          connector: payments
          operation: charge
          amount: line.price
          key: string(order.id) + '/' + line.number

Cannot see:
    Keys that are written differently and turn out the same, two runs or two tools whose keys turn out the same, and
    fields that many rows share. Keys that are another each time are PAY003's. Without `key` it is derived from run,
    node and repetition, which is always right.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import FlowGraph, Step
from writ.graph.showing import shown
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use
from writ.rules.rule import Rule

_Keyed = tuple[Step, Use]


def check(app: AppFacts) -> Iterator[Found]:
    """Keys that stand for more than one effect: each is told once, the worst first."""
    for tool in app.tools:
        keyed = list(_keyed(tool.graph))
        for number, (step, key) in enumerate(keyed):
            other = next((one for one in keyed[:number] if _shared(tool.graph, one, (step, key))), None)
            loop = _blind_loop(tool.graph, step, key)
            if _is_constant(tool, key):
                yield _constant(app, tool, step, key)
            elif loop is not None:
                yield _in_loop(app, tool, step, key, loop)
            elif other is not None:
                yield _twice(app, tool, step, key, other)


def _keyed(graph: FlowGraph) -> Iterator[_Keyed]:
    for step in graph.steps:
        outside = step.facts.outside
        if outside is not None and (outside.operation is None or outside.operation.effect != "none"):
            yield from ((step, use) for use in step.facts.uses if use.purpose == "key")


def _is_constant(tool: ToolFacts, key: Use) -> bool:
    return {origin.kind for origin in shown(tool.data, key.expression)} <= {"principal", "literal"}


def _blind_loop(graph: FlowGraph, step: Step, key: Use) -> Step | None:
    """The repetition of whose rounds the key knows nothing."""
    read = {path[0] for path in key.expression.references}
    return next((loop for loop in graph.repeated(step) if not read & _found_in(graph, loop)), None)


def _found_in(graph: FlowGraph, loop: Step) -> set[str]:
    """The names that may stand for another value in each round: not those of what only computes from other values."""
    steps = (loop, *graph.inside(loop))
    found = {step.facts.repetition.item for step in steps if step.facts.repetition}
    for step in steps:
        if step.facts.binds and (step.facts.effect != "none" or found & _read_by(step)):
            found.add(step.facts.binds)
    return found


def _read_by(step: Step) -> set[str]:
    return {path[0] for use in step.facts.uses for path in use.expression.references}


def _shared(graph: FlowGraph, first: _Keyed, second: _Keyed) -> bool:
    (one, its_key), (other, other_key) = first, second
    if one.facts.outside is None or other.facts.outside is None:
        return False
    same = its_key.expression.tree is not None and its_key.expression.tree == other_key.expression.tree
    both = graph.can_follow(one, other) or graph.can_follow(other, one) or graph.concurrent(one, other)
    return same and both and one.facts.outside.connector == other.facts.outside.connector


def _constant(app: AppFacts, tool: ToolFacts, step: Step, key: Use) -> Found:
    name = step.facts.name
    return Found(
        span=key.expression.span,
        path=app.path(tool, step),
        message=f"the key of `{name}` is the same in every run{_of_whom(tool, key)}",
        help="leave `key` out, or make it from the `id` of the row it is about, or from `run.id`",
        witness=(
            *witness(tool.graph, [Moment(step, "succeeds")], f"`{tool.name}` is called again for something else"),
            f"`{name}` sends the same key: it is answered with the first outcome, and nothing happens",
        ),
    )


def _of_whom(tool: ToolFacts, key: Use) -> str:
    return " of one principal" if shown(tool.data, key.expression) else ""


def _in_loop(app: AppFacts, tool: ToolFacts, step: Step, key: Use, loop: Step) -> Found:
    name, repeated = step.facts.name, loop.facts.name
    item = loop.facts.repetition.item if loop.facts.repetition else "item"
    return Found(
        span=key.expression.span,
        path=app.path(tool, step),
        message=f"the key of `{name}` is the same in every round of `{repeated}`",
        help=f"leave `key` out, or put something of `{item}` in it that tells the rounds apart",
        witness=(
            *witness(tool.graph, [Moment(step, "succeeds")], f"`{repeated}` goes on with the next `{item}`"),
            f"`{name}` sends the same key: it is answered with the first outcome, and nothing happens",
        ),
        related=(Related(loop.facts.span, "repeated here"),),
    )


def _twice(app: AppFacts, tool: ToolFacts, step: Step, key: Use, other: _Keyed) -> Found:
    name, first = step.facts.name, other[0].facts.name
    return Found(
        span=key.expression.span,
        path=app.path(tool, step),
        message=f"`{name}` has the same key as `{first}`",
        help=f"leave `key` out, or put a text of its own in each, for example `... + '/{name}'`",
        witness=witness(
            tool.graph,
            [Moment(other[0], "succeeds"), Moment(step, "sends the same key")],
            f"`{name}` is answered with the outcome of `{first}`, and nothing happens",
        ),
        related=(Related(other[1].expression.span, f"the key of `{first}`"),),
    )


RULE = Rule(
    id="PAY009",
    name="shared-idempotency-key",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
