"""`if` and `switch`: the first case that holds is taken."""

from __future__ import annotations

import json
from typing import ClassVar

from pydantic import Field

from writ.nodes.context import Context
from writ.nodes.facts import Facts, Use
from writ.nodes.stated import Inner
from writ.nodes.typed import TypedCase, TypedChoice
from writ.problems import did_you_mean
from writ.spec.complaints import listed, quoted, wrong_type
from writ.spec.expressions import CheckedExpression
from writ.spec.raw_parts import NodePart, TextPart
from writ.spec.resolved import TypedExpression
from writ.spec.shape import Expr, Name, SpecModel
from writ.values import Anything, Boolean, Enumeration, Text, describe
from writ.values.syntax import Call, ListLiteral, Literal, Node, Place

_NOWHERE = Place(0, -1)


class IfNode(SpecModel):
    """`then` where `when` holds, `else` where it does not."""

    name: Name = Field(alias="if")
    """The name of the node."""
    when: Expr
    """The condition."""
    then: list[NodePart]
    """The nodes where it holds."""
    otherwise: list[NodePart] = Field(default=[], alias="else")
    """The nodes where it does not."""


class CaseDocument(SpecModel):
    """One case of a switch: `when` holds, or with `on` its value is one of `is`."""

    called: ClassVar[str] = "a case"

    when: Expr | None = None
    """Without `on`: the condition."""
    values: list[TextPart] | None = Field(default=None, alias="is")
    """With `on`: the texts its value may be."""
    nodes: list[NodePart]
    """The nodes of this case."""


class SwitchNode(SpecModel):
    """The first case that holds. `default` is required unless `on` is an enumeration whose every value has a case."""

    switch: Name
    """The name of the node."""
    on: Expr | None = None
    """The text whose value decides; without it each case says `when`."""
    cases: list[CaseDocument]
    """The cases; the first that holds is taken."""
    default: list[NodePart] | None = None
    """The nodes where no case holds; needed unless `on` is an enumeration whose values all have a case."""


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
    context.unsure = context.unsure or any(branch.unsure and not branch.ended for branch, _ in branches)
    if not open_ends:
        context.ended = True
    elif len(open_ends) == 1:
        context.names = context.names.knowing(open_ends[0])


def check_switch(node: SwitchNode, context: Context) -> TypedChoice | None:
    """A `switch` is sound when every case is, and no value is left without one."""
    context.claim(node.switch)
    if not node.cases:
        span = node.marked.key_spans["cases"]
        context.problem("no-cases", span, f"`{node.switch}` has no cases", "write at least one")
    on = _on(node, context)
    taken: set[str] = set()
    known: frozenset[str] = frozenset()
    cases: list[TypedCase] = []
    branches: list[tuple[Context, frozenset[str]]] = []
    for case in node.cases:
        condition = _condition(case, node, on, taken, context.branch(known))
        holds = known | (condition.implies if condition else frozenset())
        branch = context.branch(holds)
        cases.append(TypedCase(condition.typed if condition else None, branch.nodes(case.nodes)))
        branches.append((branch, holds))
        known |= condition.implies_not if condition else frozenset()
    if node.default is not None:
        last = context.branch(known)
        cases.append(TypedCase(None, last.nodes(node.default)))
        branches.append((last, known))
    elif not _exhaustive(on, taken):
        branches.append((context.branch(known), known))
        _report_no_default(node, on, taken, context)
    _go_on(context, branches)
    return TypedChoice(node.switch, node.switch.span, "switch", tuple(cases))


def _on(node: SwitchNode, context: Context) -> CheckedExpression | None:
    on = context.expression(node.on, None) if node.on else None
    if on is not None and node.on is not None and not isinstance(on.typed.type, Enumeration | Text | Anything):
        help = "without `on`, every case says `when: ...`"
        context.problem("expression-type", node.on.span, f"`on` needs a text, this is {describe(on.typed.type)}", help)
        return None
    return on


def _exhaustive(on: CheckedExpression | None, taken: set[str]) -> bool:
    return on is not None and isinstance(on.typed.type, Enumeration) and taken >= set(on.typed.type.values)


def _report_no_default(node: SwitchNode, on: CheckedExpression | None, taken: set[str], context: Context) -> None:
    if not node.cases or (node.on is not None and on is None):
        return
    message = f"`{node.switch}` says nothing of what none of its cases is"
    if on is not None and isinstance(on.typed.type, Enumeration):
        missing = [value for value in on.typed.type.values if value not in taken]
        message = f"`{node.switch}` has no case for {listed([quoted(value) for value in missing])}"
    context.problem("no-default", node.switch.span, message, "add `default`, `default: []` to do nothing")


def _condition(
    case: CaseDocument, node: SwitchNode, on: CheckedExpression | None, taken: set[str], context: Context
) -> CheckedExpression | None:
    written = case.marked.key_spans
    wanted, other = ("is", "when") if node.on else ("when", "is")
    if other in written or wanted not in written:
        help = "with `on` every case says `is: [...]`, without it every case says `when: ...`"
        span = written.get(other, case.marked.head)
        context.problem("misplaced-key", span, f"a case of this switch needs `{wanted}`", help)
        return None
    if case.when is not None:
        return context.expression(case.when, Boolean())
    values = _values(case, on, taken, context)
    if on is None or node.on is None or not values:
        return None
    return _one_of(node.on.source, values, case, on)


def _values(case: CaseDocument, on: CheckedExpression | None, taken: set[str], context: Context) -> list[str]:
    """The values of a case, each added to those `taken`."""
    if not case.values:
        context.problem("empty-range", case.marked.key_spans["is"], "no value is named here", "name at least one")
    for marked in case.values or ():
        value = marked.value
        if not isinstance(value, str):
            context.tool.problems.append(wrong_type(["a text"], marked))
        elif value in taken:
            context.problem("duplicate-value", marked.span, f"`{value}` has a case already", "keep one of the two")
        elif on is not None and isinstance(on.typed.type, Enumeration) and value not in on.typed.type.values:
            message = f"`{value}` is not {describe(on.typed.type)}"
            context.problem("undeclared-value", marked.span, message, did_you_mean(value, on.typed.type.values))
        taken.add(str(value))
    return [str(marked.value) for marked in case.values or ()]


def _one_of(source: str, values: list[str], case: CaseDocument, on: CheckedExpression) -> CheckedExpression:
    """The line break ends a comment that the author may have put behind the expression."""
    listed = ", ".join(literal(value) for value in values)
    tree = _tree(on.typed.tree, values)
    typed = TypedExpression(f"({source}\n) in [{listed}]", Boolean(), on.typed.references, case.marked.head, tree=tree)
    return CheckedExpression(typed, frozenset(), frozenset())


def _tree(on: Node | None, values: list[str]) -> Node | None:
    if on is None:
        return None
    return Call(_NOWHERE, "@in", None, (on, ListLiteral(_NOWHERE, tuple(Literal(_NOWHERE, it) for it in values))))


def literal(text: str) -> str:
    """A text as a literal of the value language."""
    return json.dumps(text, ensure_ascii=False)


def facts(node: TypedChoice) -> Facts:
    """It decides where the run goes on."""
    guards = (
        Use(_guard_place(node, number), "guard", case.when)
        for number, case in enumerate(node.cases, 1)
        if case.when is not None
    )
    return Facts(kind=node.kind, name=node.name, span=node.span, uses=tuple(guards))


def _guard_place(node: TypedChoice, number: int) -> str:
    return "when" if node.kind == "if" else f"case {number}.when"


def inner(node: TypedChoice) -> Inner:
    """The nodes of each case, in order: `then` and `else`, or `case 1` and so on and `default`."""
    if node.kind == "if":
        return tuple(zip(("then", "else"), (case.nodes for case in node.cases), strict=True))
    return tuple(
        (f"case {number}" if case.when is not None else "default", case.nodes)
        for number, case in enumerate(node.cases, 1)
    )
