"""`if` and `switch`: the first case that holds is taken."""

from __future__ import annotations

import json

from pydantic import Field

from writ.nodes.context import Context
from writ.nodes.typed import TypedCase, TypedChoice
from writ.problems import did_you_mean
from writ.spec.expressions import CheckedExpression
from writ.spec.resolved import TypedExpression
from writ.spec.shape import Expr, Name, Raw, SpecModel
from writ.values import Boolean, Enumeration


class IfNode(SpecModel):
    """`then` when `when` is true, otherwise `otherwise` (written `else`)."""

    name: Name = Field(alias="if")
    when: Expr
    then: list[Raw]
    otherwise: list[Raw] = Field(default=[], alias="else")


class CaseDocument(SpecModel):
    """One case of a switch: `when` holds, or with `on` its value is one of `values` (written `is`)."""

    when: Expr | None = None
    values: list[str] | None = Field(default=None, alias="is")
    nodes: list[Raw]


class SwitchNode(SpecModel):
    """The first case that holds. `default` is required unless `on` is an enumeration whose every value has a case."""

    switch: Name
    on: Expr | None = None
    cases: list[CaseDocument]
    default: list[Raw] | None = None


def check_if(node: IfNode, context: Context) -> TypedChoice | None:
    """An `if` is sound when its condition and both its branches are."""
    context.claim(node.name)
    checked = context.expression(node.when, Boolean())
    then, otherwise = _branches(checked, context)
    cases = (
        TypedCase(checked.typed if checked else None, then.nodes(node.then)),
        TypedCase(None, otherwise.nodes(node.otherwise)),
    )
    if checked:
        _go_on(context, [(then, checked.implies), (otherwise, checked.implies_not)])
    return TypedChoice(node.name, node.name.span, "if", cases) if checked else None


def _branches(checked: CheckedExpression | None, context: Context) -> tuple[Context, Context]:
    if checked is None:
        return context.branch(), context.branch()
    return context.branch(checked.implies), context.branch(checked.implies_not)


def _go_on(context: Context, branches: list[tuple[Context, frozenset[str]]]) -> None:
    """What is known behind a choice: whatever holds on the only path that does not end there."""
    open_ends = [known for branch, known in branches if not branch.ended]
    if not open_ends:
        context.ended = True
    elif len(open_ends) == 1:
        context.names = context.names.knowing(open_ends[0])


def check_switch(node: SwitchNode, context: Context) -> TypedChoice | None:
    """A `switch` is sound when every case is, and no value is left without one."""
    context.claim(node.switch)
    on = context.expression(node.on, None) if node.on else None
    known: frozenset[str] = frozenset()
    cases: list[TypedCase] = []
    branches: list[tuple[Context, frozenset[str]]] = []
    for case in node.cases:
        condition = _condition(case, node, on, context.branch(known))
        branch = context.branch(known | (condition.implies if condition else frozenset()))
        cases.append(TypedCase(condition.typed if condition else None, branch.nodes(case.nodes)))
        branches.append((branch, known | (condition.implies if condition else frozenset())))
        known |= condition.implies_not if condition else frozenset()
    last = context.branch(known)
    if node.default is not None:
        cases.append(TypedCase(None, last.nodes(node.default)))
        branches.append((last, known))
    elif not _exhaustive(node, on):
        context.problem(
            "no-default",
            node.switch.span,
            f"`{node.switch}` has no case for what none of its cases is",
            "add `default`, `default: []` to do nothing",
        )
    _go_on(context, branches)
    return TypedChoice(node.switch, node.switch.span, "switch", tuple(cases))


def _condition(
    case: CaseDocument, node: SwitchNode, on: CheckedExpression | None, context: Context
) -> CheckedExpression | None:
    written = case.marked.key_spans
    wanted, other = ("is", "when") if node.on else ("when", "is")
    if other in written or wanted not in written:
        help = "with `on` every case says `is: [...]`, without it every case says `when: ...`"
        context.problem(
            "misplaced-key", written.get(other, case.marked.head), f"a case of this switch needs `{wanted}`", help
        )
        return None
    if case.when is not None:
        return context.expression(case.when, Boolean())
    if on is None or node.on is None or not case.values:
        return None
    _check_values(case, on, context)
    return _one_of(node.on.source, case, on)


def _check_values(case: CaseDocument, on: CheckedExpression, context: Context) -> None:
    if not isinstance(on.typed.type, Enumeration):
        return
    for value in case.values or ():
        if value not in on.typed.type.values:
            help = did_you_mean(value, on.typed.type.values)
            context.problem(
                "undeclared-value",
                case.marked.key_spans["is"],
                f"`{value}` is not among the {on.typed.type.of or 'values'}",
                help,
            )


def _one_of(source: str, case: CaseDocument, on: CheckedExpression) -> CheckedExpression:
    listed = ", ".join(literal(value) for value in case.values or ())
    typed = TypedExpression(f"({source}) in [{listed}]", Boolean(), on.typed.references, case.marked.head)
    return CheckedExpression(typed, frozenset(), frozenset())


def literal(text: str) -> str:
    """A text as a literal of the value language."""
    return json.dumps(text, ensure_ascii=False)


def _exhaustive(node: SwitchNode, on: CheckedExpression | None) -> bool:
    if on is None or not isinstance(on.typed.type, Enumeration):
        return False
    covered = {value for case in node.cases for value in case.values or ()}
    return covered >= set(on.typed.type.values)
