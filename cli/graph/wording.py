"""What is written into the box of a node: a few words of what it does, as its author wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cli.graph.model import Role
from writ.nodes.facts import Facts
from writ.nodes.typed import (
    TypedApproval,
    TypedCall,
    TypedCreate,
    TypedEach,
    TypedEmit,
    TypedErase,
    TypedHttp,
    TypedNode,
    TypedPayment,
    TypedRead,
    TypedRespond,
    TypedSql,
    TypedTransaction,
    TypedTransform,
    TypedWait,
)
from writ.spec.resolved import Condition, Connector, TypedExpression

_ROLES: dict[str, Role] = {
    "read": "read",
    "write": "write",
    "emit": "emit",
    "external": "outside",
    "payment": "payment",
    "wait": "wait",
    "approval": "approval",
    "call": "call",
    "answer": "answer",
    "refusal": "refusal",
}
_CONTAINERS: dict[str, Role] = {
    "transaction": "transaction",
    "parallel": "parallel",
    "each": "each",
    "if": "choice",
    "switch": "choice",
    "require": "check",
}
_OPERATORS = {
    "equals": "=",
    "differs": "≠",
    "among": "in",
    "at_least": "≥",
    "at_most": "≤",
    "above": ">",
    "below": "<",
}
_UNITS = ((259_200, 86_400, "d"), (3_600, 3_600, "h"), (60, 60, "m"))
"""From how many seconds on a unit is used, and how many it has: two days are commonly written as hours."""


def role_of(facts: Facts) -> Role:
    """How a node is drawn."""
    return _CONTAINERS.get(facts.kind) or _ROLES.get(facts.effect, "value")


def lines_of(node: TypedNode, facts: Facts) -> tuple[str, ...]:
    """What is to know of a node, one thing a line."""
    return tuple(line for line in _lines(node, facts) if line)


def notes_of(facts: Facts) -> tuple[str, ...]:
    """What stands out of a node."""
    return ("pivot",) if facts.outside is not None and facts.outside.pivot else ()


def _lines(node: TypedNode, facts: Facts) -> Iterator[str]:
    match node:
        case TypedTransaction():
            yield node.isolation.replace("_", " ")
            yield ", ".join(f"no {limit.key.replace('_', ' ')}" for limit in node.without)
        case TypedRead():
            yield _of(node.entity.name, node.where)
            yield "" if node.expect == "one" else f"expect {node.expect}"
            yield from _many(node) if node.expect == "many" else ()
            yield f"lock {node.lock}" if node.lock else ""
        case TypedRespond():
            yield ", ".join(node.value) if isinstance(node.value, dict) else ""
            yield node.value.source if isinstance(node.value, TypedExpression) else ""
        case TypedEach():
            yield f"{node.item} of {node.over.source}"
            yield "without a bound" if node.max is None else f"at most {node.max}"
        case TypedTransform():
            yield node.value.source if isinstance(node.value, TypedExpression) else ""
        case TypedSql():
            yield node.text
        case _ if facts.write is not None:
            yield from _writing(node, facts)
        case TypedEmit():
            yield node.event + (f" → {node.connector.name}" if node.connector else "")
        case _:
            yield from _beyond_rows(node, facts)


def _many(node: TypedRead) -> Iterator[str]:
    fields = ", ".join(f"{name} descending" if descending else name for name, descending in node.order)
    yield f"order {fields}" if fields else ""
    yield f"limit {node.limit.source}" if node.limit else "without a limit"


def _writing(node: TypedNode, facts: Facts) -> Iterator[str]:
    write = facts.write
    if write is None or write.entity is None:
        return
    yield _of(write.entity.name, write.where)
    yield f"→ {write.to}" if write.to else ""
    fields = ", ".join(field.name for field, _ in write.sets)
    yield f"set {fields}" if fields else ""
    if isinstance(node, TypedCreate) and node.over is not None:
        bound = "without a bound" if node.max is None else f"at most {node.max}"
        yield f"for each of {node.over.source}, {bound}"
    if isinstance(node, TypedErase) and node.approval:
        yield f"agreed to in {node.approval}"


def _beyond_rows(node: TypedNode, facts: Facts) -> Iterator[str]:
    match node:
        case TypedHttp():
            yield _operation(node.connector, node.operation.name if node.operation else None)
            yield node.url.source if node.url else ""
            yield "fails: a fallback value" if node.fallback is not None else ""
        case TypedPayment():
            yield _operation(node.connector, node.operation)
            yield f"amount {node.amount.source}" if node.amount else ""
            yield f"of {node.of.source}" if node.of else ""
        case TypedApproval():
            yield f"{node.number} of {' or '.join(node.roles)}"
            yield "no time limit" if node.within is None else f"within {period(node.within)}, then {node.on_timeout}"
            yield "not who asked" if node.requester_excluded else "who asked may agree"
        case TypedWait():
            yield f"for {period(node.seconds)}" if node.seconds is not None else ""
            yield f"until {node.until.source}" if node.until else ""
        case TypedCall():
            yield f"tool {node.tool}" + (f" as {node.acts_as}" if node.acts_as else "")
        case _:
            guards = [use.expression.source for use in facts.uses if use.purpose == "guard"]
            yield from guards if facts.kind in ("if", "require") else ()


def period(seconds: float) -> str:
    """A length of time in its largest unit (`48h`)."""
    for least, size, unit in _UNITS:
        if seconds >= least and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"


def _of(entity: str, where: Sequence[Condition]) -> str:
    return f"{entity} where {', '.join(_conditions(where))}" if where else entity


def _conditions(where: Iterable[Condition]) -> Iterator[str]:
    for one in where:
        if one.value is None:
            yield f"{one.field.name} {'present' if one.expects else 'absent'}"
        else:
            yield f"{one.field.name} {_OPERATORS.get(one.operator, one.operator)} {one.value.source}"


def _operation(connector: Connector | None, operation: str | None) -> str:
    return ".".join(filter(None, (connector.name if connector else None, operation)))
