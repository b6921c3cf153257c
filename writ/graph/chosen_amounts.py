"""How much money moves: who says the figure, and what it was compared with before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from writ.graph.app import ToolFacts
from writ.graph.belonging import conditions
from writ.graph.flow import Step
from writ.graph.origins import Origin
from writ.graph.showing import shown
from writ.nodes.facts import Use
from writ.spec.resolved import TypedExpression
from writ.values.syntax import Call, Literal, MapLiteral, Node, path_of, references
from writ.values.types import Anything, Integer, ListOf, Number, ValueType, field_of, fields_of

_RISING = frozenset({"_<_", "_<=_"})
_FALLING = frozenset({"_>_", "_>=_"})


def chosen_by_caller(tool: ToolFacts, amount: TypedExpression) -> frozenset[str]:
    """The numbers of the input, by their paths, that alone say the figure of an amount, or stand in money."""
    return frozenset[str]().union(*(_chosen(tool, term) for term in _terms(tool, _figure(tool, amount))))


def _chosen(tool: ToolFacts, term: TypedExpression) -> frozenset[str]:
    inputs = frozenset(path for path in _said(tool, term) if _counts(_types(tool, path)[-1]))
    if any(_is_stored(tool, origin) for origin in tool.data.of(term)):
        return frozenset(path for path in inputs if any(map(is_money, _types(tool, path))))
    return inputs


def _terms(tool: ToolFacts, figure: TypedExpression) -> Iterator[TypedExpression]:
    """What a figure is the sum of or is chosen from, each for itself, followed through names."""
    match figure.tree:
        case Call(function="_+_" | "_-_" | "-_", arguments=parts) | Call(function="_?_:_", arguments=(_, *parts)):
            for part in parts:
                yield from _terms(tool, _part(figure, part))
            return
    written = _written(tool, figure.tree)
    if written is None:
        yield figure
    else:
        yield from _terms(tool, _figure(tool, written))


def _said(tool: ToolFacts, expression: TypedExpression) -> frozenset[str]:
    """The paths of the input it depends on, also by way of a row that the run wrote and has read again."""
    found = tool.data.from_input(expression)
    for origin in tool.data.of(expression):
        written = _reread(tool, tool.graph.steps[origin.step]) if origin.step is not None else None
        for use in written.facts.uses if written is not None else ():
            if use.purpose == "set" and use.field is not None and origin.name.endswith(f".{use.field.name}"):
                found |= _said(tool, use.expression)
    return found


def _reread(tool: ToolFacts, step: Step) -> Step | None:
    """The step of the run that wrote the row which this one reads again by its id."""
    for one in conditions(step) if step.facts.read is not None else ():
        path = path_of(one.value.tree) if one.value is not None and one.value.tree is not None else None
        binder = tool.graph.binder(path[0]) if path is not None and path[1:] == ("id",) else None
        if one.field.name == "id" and one.operator == "equals" and binder is not None and binder.facts.write:
            return binder
    return None


def unchecked(tool: ToolFacts, step: Step, chosen: frozenset[str]) -> frozenset[str]:
    """Those of these paths that some run which comes to the step has compared neither with what is stored nor with a
    highest figure, and that nobody has approved.
    """
    before = tuple(tool.graph.steps_always_before(step))
    approved = (it for one in before if one.facts.approval for it in one.facts.approval.bound)
    found = (use.expression for one in before if one.facts.refuses for use in one.facts.uses if use.purpose == "where")
    checked = {it.name for expression in (*approved, *found) for it in shown(tool.data, expression)}
    return chosen - checked.union(*_limits_before(tool, step))


def is_money(type: ValueType | None) -> bool:
    """Whether a value is an amount with its currency, or a list of such."""
    return {"amount", "currency"} <= {field.name for field in fields_of(_element(type))}


def _figure(tool: ToolFacts, amount: TypedExpression) -> TypedExpression:
    """The expression of the number in an amount, followed through names to where the run computes it."""
    if isinstance(amount.tree, MapLiteral):
        entries = amount.tree.entries
        figures = (value for key, value in entries if isinstance(key, Literal) and key.value == "amount")
        return _part(amount, next(figures, amount.tree))
    written = _written(tool, amount.tree)
    return amount if written is None else _figure(tool, written)


def _written(tool: ToolFacts, tree: Node | None) -> TypedExpression | None:
    path = path_of(tree) if tree is not None else None
    step = tool.graph.binder(path[0]) if path else None
    if path is None or step is None:
        return None
    step = _reread(tool, step) or step
    if step.facts.write is not None:
        places: tuple[str, ...] = (f"set.{path[1]}",) if len(path) > 1 else ()
    else:
        places = ("value", "value.amount") if len(path) == 1 else (".".join(("value", *path[1:])),)
    found = (use for use in step.facts.uses if use.purpose in ("set", "bind") and use.place in places)
    return next((use.expression for use in found), None)


def _part(whole: TypedExpression, tree: Node) -> TypedExpression:
    return replace(whole, tree=tree, references=tuple(sorted(references(tree))))


def _is_stored(tool: ToolFacts, origin: Origin) -> bool:
    """Whether it is a field as the database had it, and not as this run has just written it."""
    if origin.kind != "row" or origin.field is None or origin.step is None:
        return False
    step = tool.graph.steps[origin.step]
    write = (_reread(tool, step) or step).facts.write
    return write is None or all(field.name != origin.field.name for field, _ in write.sets)


def _types(tool: ToolFacts, path: str) -> list[ValueType | None]:
    """The types of what lies on a path of the input, from the input itself on."""
    types: list[ValueType | None] = [tool.tool.types.get("input")]
    for name in path.split(".")[1:]:
        above = _element(types[-1])
        found = field_of(above, name)
        types.append(above if isinstance(above, Anything) else found.type if found else None)
    return types


def _counts(type: ValueType | None) -> bool:
    return isinstance(_element(type), Integer | Number | Anything) or is_money(type)


def _element(type: ValueType | None) -> ValueType | None:
    while isinstance(type, ListOf):
        type = type.element
    return type


def _limits_before(tool: ToolFacts, step: Step) -> Iterator[frozenset[str]]:
    branches = dict(step.containers)
    for guard, use in tool.data.guards(step):
        worth = _worth(use, branches.get(guard.index))
        if worth is not None:
            yield _limits(tool, use.expression, worth)
    for policy in tool.tool.policies:
        yield _limits(tool, policy.deny_when, False)
    for asking in tool.tool.approval_policies:
        yield _limits(tool, asking.require_approval_when, False)


def _worth(use: Use, branch: str | None) -> bool | None:
    """What a guard is worth where the run goes on: in a branch, that of this branch's own condition."""
    if branch is None or use.place == f"{branch}.when":
        return True
    return {"then": True, "else": False, "default": False}.get(branch)


def _limits(tool: ToolFacts, asked: TypedExpression, holds: bool) -> frozenset[str]:
    """The paths of the input that are limited where a condition holds, or does not."""
    node = asked.tree
    if not isinstance(node, Call):
        return frozenset()
    parts = [_part(asked, part) for part in node.arguments]
    if node.function in ("_&&_", "_||_", "!_"):
        limits = [_limits(tool, part, holds is not (node.function == "!_")) for part in parts]
        every = frozenset[str]().union(*limits)
        if node.function == "!_" or (node.function == "_&&_") is holds:
            return every
        # One of them is enough: what the caller can make true without a limit takes the limit away.
        return every.intersection(*(it for it, part in zip(limits, parts, strict=True) if _is_up_to_caller(tool, part)))
    return frozenset[str]().union(*(_limited(tool, *pair) for pair in _ordered(node.function, parts, holds)))


def _is_up_to_caller(tool: ToolFacts, part: TypedExpression) -> bool:
    return all(origin.kind == "input" for origin in tool.data.of(part))


def _ordered(function: str, sides: list[TypedExpression], holds: bool) -> Iterator[tuple[TypedExpression, ...]]:
    """The two sides of a comparison so that the first is not above the second; both ways where they are equal."""
    if len(sides) != 2:
        return
    if function in (_RISING if holds else _FALLING) or (holds and function in ("_==_", "@in")):
        yield tuple(sides)
    if function in (_FALLING if holds else _RISING) or (holds and function == "_==_"):
        yield tuple(reversed(sides))


def _limited(tool: ToolFacts, low: TypedExpression, high: TypedExpression) -> frozenset[str]:
    """The paths of the input that a bound limits: by what is stored, or from above by a constant."""
    if any(_is_stored(tool, origin) for one in (low, high) for origin in tool.data.of(one)):
        return tool.data.from_input(low) | tool.data.from_input(high)
    return frozenset() if tool.data.of(high) else tool.data.from_input(low)
