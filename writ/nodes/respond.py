"""`respond`: end the run with an answer."""

from __future__ import annotations

from dataclasses import replace

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Facts
from writ.nodes.typed import TypedRespond
from writ.problems import Problem
from writ.spec.expressions import typed_template
from writ.spec.raw_parts import ValuePart
from writ.spec.resolved import TypedTemplate
from writ.spec.shape import Name, SpecModel

_OF_A_CONTRACT = frozenset({"expression-type", "missing-value", "undeclared-value"})


class RespondNode(SpecModel):
    """Answer `value`: an expression, or a mapping or list of expressions, of the tool's output schema."""

    respond: Name | None
    """Nothing: the key alone names the kind."""
    value: ValuePart
    """The answer: an expression, or a mapping or list of them, that fits the tool's `output`."""


def check(node: RespondNode, context: Context) -> TypedRespond | None:
    """A respond is sound when its value is of the tool's output; nothing follows it."""
    if node.respond is not None:
        context.claim(node.respond)
    value = _answer(node, context)
    context.ended = True
    if value is None:
        return None
    return TypedRespond(node.respond or "respond", node.marked.head, value)


def _answer(node: RespondNode, context: Context) -> TypedTemplate | None:
    """The value. What would be right if the tool declared no output is a mistake of the answer, and not of the
    expression.
    """
    found: list[Problem] = []
    value = typed_template(node.value, context.names, context.tool.output_type, found)
    if found:
        anywhere: list[Problem] = []
        typed_template(node.value, context.names, None, anywhere)
        found = [_mismatch(one) if one not in anywhere else one for one in found]
        context.tool.problems.extend(found)
    return value


def _mismatch(problem: Problem) -> Problem:
    return replace(problem, code="output-mismatch") if problem.code in _OF_A_CONTRACT else problem


def facts(node: TypedRespond) -> Facts:
    """It ends the run, and says its value to the caller."""
    uses = stated.of_template("answer", node.value, "value")
    return Facts(kind="respond", name=node.name, span=node.span, effect="answer", uses=uses)
